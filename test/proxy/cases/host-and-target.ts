import type { RefusedCase } from './case.ts'

const withHost = (lines: string): string => `GET / HTTP/1.1\r\n${lines}\r\n`
const target = (text: string, host = 'a'): string => `GET ${text} HTTP/1.1\r\nHost: ${host}\r\n\r\n`

/** Who is asked, and for what: one host, one way to say it. */
export const HOST_AND_TARGET: readonly RefusedCase[] = [
  { title: 'no Host', send: withHost(''), status: 400 },
  { title: 'an empty Host', send: withHost('Host:\r\n'), status: 400 },
  { title: 'two equal Hosts', send: withHost('Host: a\r\nHost: a\r\n'), status: 400 },
  { title: 'two different Hosts', send: withHost('Host: a\r\nHost: b\r\n'), status: 400 },
  { title: 'a list of Hosts', send: withHost('Host: a, b\r\n'), status: 400 },
  { title: 'a Host with a path', send: withHost('Host: a/b\r\n'), status: 400 },
  { title: 'a Host with a user', send: withHost('Host: u@a\r\n'), status: 400 },
  { title: 'a Host with a scheme', send: withHost('Host: http://a\r\n'), status: 400 },
  { title: 'a Host with a space', send: withHost('Host: a b\r\n'), status: 400 },
  { title: 'a Host whose port is no number', send: withHost('Host: a:b\r\n'), status: 400 },
  { title: 'a Host with two ports', send: withHost('Host: a:1:2\r\n'), status: 400 },
  { title: 'a Host with a question mark', send: withHost('Host: a?b\r\n'), status: 400 },
  { title: 'two Hosts in HTTP/1.0', send: 'GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n', status: 400 },
  { title: 'an absolute target that names another host', send: target('http://b/'), status: 400 },
  { title: 'an absolute target that names another port', send: target('http://a:81/'), status: 400 },
  { title: 'an absolute target with a user', send: target('http://u@a/'), status: 400 },
  { title: 'an absolute target with https', send: target('https://a/'), status: 400 },
  { title: 'an absolute target without a Host', send: 'GET http://a/ HTTP/1.1\r\n\r\n', status: 400 },
  { title: 'GET *', send: target('*'), status: 400 },
  { title: 'OPTIONS *', send: 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', status: 400 },
  { title: 'a target with a fragment', send: target('/x#y'), status: 400 },
  { title: 'a target without a slash', send: target('x'), status: 400 },
  { title: 'a target with a high byte', send: target('/\xe4'), status: 400 },
  { title: 'a target with a tab', send: target('/a\tb'), status: 400 },
  { title: 'a target in authority form', send: target('a:80'), status: 400 },
]

import { expect } from 'vitest'
import { get, post, type ServedCase } from './case.ts'
import { body, field, line } from './expectations.ts'

/** What is allowed goes on, in one reading. */
export const SERVED: readonly ServedCase[] = [
  {
    title: 'a plain GET without any framing',
    send: get('X-A: 1'),
    check: field('content-length', undefined),
  },
  { title: 'a GET with its own header', send: get('X-A: 1'), check: field('x-a', '1') },
  { title: 'a POST with a Content-Length', send: post('Content-Length: 3', 'abc'), check: body('abc') },
  {
    title: 'a POST with a Content-Length in zeros',
    send: post('Content-Length: 003', 'abc'),
    check: body('abc'),
  },
  { title: 'a POST without a body, as one of length 0', send: post('X-A: 1', ''), check: body('') },
  {
    title: 'a chunked POST, as one with a Content-Length',
    send: post('Transfer-Encoding: chunked', '3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'),
    check: body('abcde'),
  },
  {
    title: 'a coding in capitals',
    send: post('Transfer-Encoding: CHUNKED', '3\r\nabc\r\n0\r\n\r\n'),
    check: body('abc'),
  },
  {
    title: 'a short chunk extension, dropped',
    send: post('Transfer-Encoding: chunked', '3;a=b\r\nabc\r\n0\r\n\r\n'),
    check: body('abc'),
  },
  {
    title: 'a chunked body with trailers, which end here',
    send: post('Transfer-Encoding: chunked\r\nTrailer: X-T', '3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n'),
    check: (request) => {
      body('abc')(request)
      field('trailer', undefined)(request)
      field('x-t', undefined)(request)
    },
  },
  {
    title: 'a GET with Trailer, which ends one naive proxy',
    send: get('Trailer: X'),
    check: field('trailer', undefined),
  },
  {
    title: 'a chunked DELETE whose body is a request',
    send: `DELETE /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n24\r\nGET /admin HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n0\r\n\r\n`,
    check: body('GET /admin HTTP/1.1\r\nHost: a\r\nX: y\r\n'),
  },
  {
    title: 'a chunked OPTIONS whose body is a request',
    send: `OPTIONS /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n24\r\nGET /admin HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n0\r\n\r\n`,
    check: body('GET /admin HTTP/1.1\r\nHost: a\r\nX: y\r\n'),
  },
  {
    title: 'a GET with a body',
    send: 'GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc',
    check: body('abc'),
  },
  { title: 'a header called constructor', send: get('Constructor: x'), check: field('constructor', 'x') },
  {
    title: 'a header called hasOwnProperty',
    send: get('hasOwnProperty: x'),
    check: field('hasownproperty', 'x'),
  },
  { title: 'a header called __proto__', send: get('__proto__: x') },
  {
    title: 'an absolute target, in origin form',
    send: 'GET http://a/p?q HTTP/1.1\r\nHost: a\r\n\r\n',
    check: line('GET /p?q HTTP/1.1'),
  },
  {
    title: 'an absolute target in other case',
    send: 'GET HTTP://A/p HTTP/1.1\r\nHost: a\r\n\r\n',
    check: line('GET /p HTTP/1.1'),
  },
  {
    title: 'an absolute target without a path',
    send: 'GET http://a?q HTTP/1.1\r\nHost: a\r\n\r\n',
    check: line('GET /?q HTTP/1.1'),
  },
  {
    title: 'double slashes, as they are',
    send: 'GET //a//b?c=//d HTTP/1.1\r\nHost: a\r\n\r\n',
    check: line('GET //a//b?c=//d HTTP/1.1'),
  },
  {
    title: 'dots and escapes, as they are',
    send: 'GET /a/../b/%2e%2e/c HTTP/1.1\r\nHost: a\r\n\r\n',
    check: line('GET /a/../b/%2e%2e/c HTTP/1.1'),
  },
  {
    title: 'a URL within the path, as it is',
    send: 'GET /http://b/ HTTP/1.1\r\nHost: a\r\n\r\n',
    check: line('GET /http://b/ HTTP/1.1'),
  },
  {
    title: 'a Host with a port',
    send: 'GET / HTTP/1.1\r\nHost: a:8080\r\n\r\n',
    check: field('host', 'a:8080'),
  },
  {
    title: 'a Host that is an IPv6 address',
    send: 'GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n',
    check: field('host', '[::1]:80'),
  },
  { title: 'HTTP/1.0 with a Host', send: 'GET / HTTP/1.0\r\nHost: a\r\n\r\n', check: field('host', 'a') },
  {
    title: 'HTTP/1.0 without a Host, which gets the upstream’s',
    send: 'GET / HTTP/1.0\r\n\r\n',
    check: (request) => expect(request.headers.get('host')?.[0]).toMatch(/^127\.0\.0\.1:\d+$/),
  },
  {
    title: 'an HTTP/1.0 POST',
    send: 'POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc',
    check: body('abc'),
  },
  {
    title: 'two spaces before the target, of which one goes on',
    send: 'GET  /x HTTP/1.1\r\nHost: a\r\n\r\n',
    check: line('GET /x HTTP/1.1'),
  },
  { title: 'empty lines before the request', send: `\r\n\r\n${get('X-A: 1')}`, check: field('x-a', '1') },
  { title: 'high bytes in a value', send: get('X-A: \xe4\xf6'), check: field('x-a', '\xe4\xf6') },
  { title: 'an empty value', send: get('X-A:'), check: field('x-a', '') },
  {
    title: 'an h2c upgrade, as if it had not been asked for',
    send: get(
      'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
    ),
    check: field('upgrade', undefined),
  },
  {
    title: 'an unknown upgrade, as if it had not been asked for',
    send: get('Connection: Upgrade\r\nUpgrade: frob'),
    check: field('upgrade', undefined),
  },
  {
    title: 'PURGE, which some servers know',
    send: 'PURGE /x HTTP/1.1\r\nHost: a\r\n\r\n',
    check: line('PURGE /x HTTP/1.1'),
  },
]

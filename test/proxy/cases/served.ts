import { expect } from 'vitest'
import { get, post, type ServedCase } from './case.ts'

const field =
  (name: string, value: string | undefined) =>
  (request: { headers: ReadonlyMap<string, readonly string[]> }) =>
    expect(request.headers.get(name)?.join('|')).toBe(value)
const body =
  (text: string) => (request: { body: string; headers: ReadonlyMap<string, readonly string[]> }) => {
    expect(request.body).toBe(text)
    expect(request.headers.get('content-length')).toEqual([String(text.length)])
    expect(request.headers.has('transfer-encoding')).toBe(false)
  }
const line = (text: string) => (request: { line: string }) => expect(request.line).toBe(text)

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
    title: 'a Connection that nominates a field, which ends here',
    send: get('Connection: X-Mine\r\nX-Mine: 1'),
    check: field('x-mine', undefined),
  },
  {
    title: 'a Connection that nominates Cookie, in vain',
    send: get('Connection: Cookie\r\nCookie: a=b'),
    check: field('cookie', 'a=b'),
  },
  {
    title: 'a Connection that nominates Content-Length, in vain',
    send: post('Connection: Content-Length\r\nContent-Length: 3', 'abc'),
    check: body('abc'),
  },
  {
    title: 'a Connection that nominates Transfer-Encoding, in vain',
    send: post('Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked', '3\r\nabc\r\n0\r\n\r\n'),
    check: body('abc'),
  },
  {
    title: 'a Connection that nominates X-Forwarded-For, in vain',
    send: get('Connection: X-Forwarded-For'),
    check: field('x-forwarded-for', '127.0.0.1'),
  },
  {
    title: 'a Connection that nominates Host, in vain',
    send: get('Connection: Host'),
    check: field('host', 'a'),
  },
  {
    title: 'a Connection that nominates Authorization, in vain',
    send: get('Connection: Authorization\r\nAuthorization: Bearer x'),
    check: field('authorization', 'Bearer x'),
  },
  {
    title: 'a forged X-Forwarded-For',
    send: get('X-Forwarded-For: 1.2.3.4'),
    check: field('x-forwarded-for', '127.0.0.1'),
  },
  {
    title: 'two forged X-Forwarded-For',
    send: get('X-Forwarded-For: 1.2.3.4\r\nx-forwarded-for: 5.6.7.8'),
    check: field('x-forwarded-for', '127.0.0.1'),
  },
  {
    title: 'a forged X-Forwarded-Proto',
    send: get('X-Forwarded-Proto: https'),
    check: field('x-forwarded-proto', 'http'),
  },
  {
    title: 'a forged X-Forwarded-Host',
    send: get('X-Forwarded-Host: evil'),
    check: field('x-forwarded-host', 'a'),
  },
  {
    title: 'a forged Forwarded',
    send: get('Forwarded: for=1.2.3.4'),
    check: field('forwarded', 'for=127.0.0.1;proto=http;host=a'),
  },
  { title: 'a forged X-Real-IP', send: get('X-Real-IP: 1.2.3.4'), check: field('x-real-ip', undefined) },
  {
    title: 'an X_Forwarded_For',
    send: get('X_Forwarded_For: 1.2.3.4'),
    check: field('x_forwarded_for', undefined),
  },
  {
    title: 'a Transfer_Encoding',
    send: post('Transfer_Encoding: chunked\r\nContent-Length: 3', 'abc'),
    check: field('transfer_encoding', undefined),
  },
  {
    title: 'a forged X-Request-Id',
    send: get('X-Request-Id: mine'),
    check: (request) => expect(request.headers.get('x-request-id')?.[0]).toMatch(/^[0-9a-f]{16}-[0-9a-z]+$/),
  },
  { title: 'a Via, continued', send: get('Via: 1.0 other'), check: field('via', '1.0 other, 1.1 stillin') },
  {
    title: 'two Cookie fields, as one',
    send: get('Cookie: a=1\r\nCookie: b=2'),
    check: field('cookie', 'a=1; b=2'),
  },
  {
    title: 'a forged affinity cookie, which never goes upstream',
    send: get('Cookie: stillin_affinity=node-1.forged; a=b'),
    check: field('cookie', 'a=b'),
  },
  {
    title: 'an affinity cookie alone, and no Cookie at all goes upstream',
    send: get('Cookie: stillin_affinity=x'),
    check: field('cookie', undefined),
  },
  {
    title: 'hop-by-hop fields, which end here',
    send: get(
      'Keep-Alive: timeout=1\r\nTE: trailers\r\nProxy-Connection: close\r\nProxy-Authorization: Basic x',
    ),
    check: (request) => {
      for (const name of ['keep-alive', 'te', 'proxy-connection', 'proxy-authorization'])
        field(name, undefined)(request)
    },
  },
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

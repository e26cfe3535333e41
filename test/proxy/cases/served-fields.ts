import { expect } from 'vitest'
import { get, post, type ServedCase } from './case.ts'
import { body, field } from './expectations.ts'

/** Fields that end here, fields that are the proxy's own, and fields that nobody can take away. */
export const SERVED_FIELDS: readonly ServedCase[] = [
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
]

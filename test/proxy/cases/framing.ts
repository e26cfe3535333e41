import { post, type RefusedCase, SMUGGLED } from './case.ts'

const CHUNKED_ABC = '3\r\nabc\r\n0\r\n\r\n'
const old = (fields: string, body: string): string =>
  `POST /x HTTP/1.0\r\nHost: a\r\n${fields}\r\n\r\n${body}`

/** Content-Length and Transfer-Encoding in every combination that two readers could read differently. */
export const FRAMING: readonly RefusedCase[] = [
  {
    title: 'Content-Length before Transfer-Encoding',
    send: post('Content-Length: 6\r\nTransfer-Encoding: chunked', `0\r\n\r\nX${SMUGGLED}`),
    status: 400,
  },
  {
    title: 'Transfer-Encoding before Content-Length',
    send: post('Transfer-Encoding: chunked\r\nContent-Length: 6', `0\r\n\r\nX${SMUGGLED}`),
    status: 400,
  },
  {
    title: 'Transfer-Encoding with Content-Length: 0',
    send: post('Transfer-Encoding: chunked\r\nContent-Length: 0', CHUNKED_ABC),
    status: 400,
  },
  {
    title: 'Transfer-Encoding: identity with Content-Length',
    send: post('Transfer-Encoding: identity\r\nContent-Length: 3', 'abc'),
    status: [400, 501],
  },
  {
    title: 'two equal Content-Lengths',
    send: post('Content-Length: 3\r\nContent-Length: 3', 'abc'),
    status: 400,
  },
  {
    title: 'two different Content-Lengths',
    send: post('Content-Length: 3\r\nContent-Length: 0', 'abc'),
    status: 400,
  },
  { title: 'a Content-Length that is a list', send: post('Content-Length: 3, 3', 'abc'), status: 400 },
  { title: 'a Content-Length with a plus', send: post('Content-Length: +3', 'abc'), status: 400 },
  { title: 'a negative Content-Length', send: post('Content-Length: -3', 'abc'), status: 400 },
  { title: 'a hexadecimal Content-Length', send: post('Content-Length: 0x3', 'abc'), status: 400 },
  { title: 'an empty Content-Length', send: post('Content-Length:', 'abc'), status: 400 },
  { title: 'a Content-Length with a space inside', send: post('Content-Length: 1 0', 'abc'), status: 400 },
  { title: 'a Content-Length with a fraction', send: post('Content-Length: 3.0', 'abc'), status: 400 },
  { title: 'a Content-Length with an exponent', send: post('Content-Length: 3e0', 'abc'), status: 400 },
  { title: 'a Content-Length with an underscore', send: post('Content-Length: 1_0', 'abc'), status: 400 },
  {
    title: 'a Content-Length beyond 64 bits',
    send: post('Content-Length: 18446744073709551619', 'abc'),
    status: [400, 413],
  },
  {
    title: 'a Content-Length beyond 53 bits',
    send: post('Content-Length: 9007199254740993', ''),
    status: [400, 413],
  },
  { title: 'a Content-Length over the limit', send: post('Content-Length: 1048577', ''), status: 413 },
  { title: 'a folded Content-Length', send: post('Content-Length:\r\n 3', 'abc'), status: 400 },
  {
    title: 'chunked after an unknown coding',
    send: post('Transfer-Encoding: gzip, chunked', CHUNKED_ABC),
    status: 501,
  },
  { title: 'an unknown coding alone', send: post('Transfer-Encoding: gzip', 'abc'), status: [400, 501] },
  {
    title: 'chunked that is not the last coding',
    send: post('Transfer-Encoding: chunked, identity', CHUNKED_ABC),
    status: [400, 501],
  },
  {
    title: 'chunked twice in a list',
    send: post('Transfer-Encoding: chunked, chunked', CHUNKED_ABC),
    status: 400,
  },
  {
    title: 'chunked twice in two fields',
    send: post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', CHUNKED_ABC),
    status: 400,
  },
  {
    title: 'identity and chunked in two fields',
    send: post('Transfer-Encoding: identity\r\nTransfer-Encoding: chunked', CHUNKED_ABC),
    status: [400, 501],
  },
  { title: 'a list that begins empty', send: post('Transfer-Encoding: ,chunked', CHUNKED_ABC), status: 400 },
  { title: 'a list that ends empty', send: post('Transfer-Encoding: chunked,', CHUNKED_ABC), status: 400 },
  { title: 'an empty Transfer-Encoding', send: post('Transfer-Encoding:', CHUNKED_ABC), status: 400 },
  {
    title: 'a coding that begins like chunked',
    send: post('Transfer-Encoding: chunkedx', 'abc'),
    status: [400, 501],
  },
  {
    title: 'a coding that ends like chunked',
    send: post('Transfer-Encoding: xchunked', 'abc'),
    status: [400, 501],
  },
  { title: 'chunked in quotes', send: post('Transfer-Encoding: "chunked"', CHUNKED_ABC), status: [400, 501] },
  {
    title: 'chunked with a parameter',
    send: post('Transfer-Encoding: chunked;q=1', CHUNKED_ABC),
    status: [400, 501],
  },
  {
    title: 'chunked with a vertical tab',
    send: post('Transfer-Encoding: \x0bchunked', CHUNKED_ABC),
    status: [400, 501],
  },
  { title: 'a space before the colon', send: post('Transfer-Encoding : chunked', CHUNKED_ABC), status: 400 },
  { title: 'a folded coding', send: post('Transfer-Encoding:\r\n chunked', CHUNKED_ABC), status: 400 },
  {
    title: 'Transfer-Encoding in HTTP/1.0',
    send: old('Transfer-Encoding: chunked', CHUNKED_ABC),
    status: 400,
  },
  {
    title: 'Transfer-Encoding and Content-Length in HTTP/1.0',
    send: old('Transfer-Encoding: chunked\r\nContent-Length: 3', CHUNKED_ABC),
    status: 400,
  },
  {
    title: 'a chunked GET whose Content-Length hides a request',
    send: `GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    status: 400,
  },
]

import { post, type RefusedCase, SMUGGLED } from './case.ts'

const chunked = (body: string): string => post('Transfer-Encoding: chunked', body)
const END = '0\r\n\r\n'

/** Chunked bodies that are not what RFC 9112, 7.1 describes. */
export const CHUNKS: readonly RefusedCase[] = [
  { title: 'a size with 0x', send: chunked(`0x3\r\nabc\r\n${END}`), status: 400 },
  { title: 'a size with a plus', send: chunked(`+3\r\nabc\r\n${END}`), status: 400 },
  { title: 'a negative size', send: chunked(`-3\r\nabc\r\n${END}`), status: 400 },
  { title: 'a size with an underscore', send: chunked(`0_3\r\nabc\r\n${END}`), status: 400 },
  { title: 'a size that is no number', send: chunked(`xyz\r\nabc\r\n${END}`), status: 400 },
  { title: 'a size that is missing', send: chunked(`\r\nabc\r\n${END}`), status: 400 },
  { title: 'a size after a space', send: chunked(` 3\r\nabc\r\n${END}`), status: 400 },
  { title: 'a size beyond 64 bits', send: chunked(`10000000000000003\r\nabc\r\n${END}`), status: [400, 413] },
  { title: 'data longer than its size', send: chunked(`3\r\nabcX\r\n${END}`), status: 400 },
  { title: 'data followed by another request', send: chunked(`3\r\nabc${SMUGGLED}`), status: 400 },
  { title: 'a size ended by a bare LF', send: chunked(`3\nabc\r\n${END}`), status: 400 },
  { title: 'data ended by a bare LF', send: chunked(`3\r\nabc\n${END}`), status: 400 },
  { title: 'a size ended by a bare CR', send: chunked(`3\rabc\r\n${END}`), status: 400 },
  { title: 'a last chunk ended by a bare LF', send: chunked('3\r\nabc\r\n0\n\r\n'), status: 400 },
  { title: 'an extension with a bare LF', send: chunked(`3;a\nb\r\nabc\r\n${END}`), status: 400 },
  {
    title: 'an extension of 64 KiB',
    send: chunked(`3;${'e'.repeat(65_536)}\r\nabc\r\n${END}`),
    status: [400, 413],
  },
  { title: 'a trailer with a space before the colon', send: chunked('0\r\nX-T : 1\r\n\r\n'), status: 400 },
  { title: 'a trailer with a bare LF', send: chunked('0\r\nX-T: 1\n\r\n'), status: 400 },
  { title: 'a trailer without a colon', send: chunked('0\r\nnonsense\r\n\r\n'), status: 400 },
  {
    title: 'chunks that add up beyond the limit',
    send: chunked(`100001\r\n${'z'.repeat(0x100001)}\r\n${END}`),
    status: 413,
  },
]

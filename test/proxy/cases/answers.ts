/** What an upstream answers, and what the client gets of it. */
export interface AnswerCase {
  title: string
  answer: string
  status: number
  body?: string
  headers?: Record<string, string | undefined>
}

/** Answers that go to the client, and what becomes of their heads. */
export const PASSED_ON: readonly AnswerCase[] = [
  {
    title: 'an answer with a length',
    answer: 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc',
    status: 200,
    body: 'abc',
  },
  {
    title: 'an answer with a reason of its own',
    answer: 'HTTP/1.1 200 Fine\r\nContent-Length: 0\r\n\r\n',
    status: 200,
    body: '',
  },
  {
    title: 'a chunked answer',
    answer: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
    status: 200,
    body: 'abcde',
  },
  {
    title: 'a chunked answer with trailers, which end here',
    answer:
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n',
    status: 200,
    body: 'abc',
    headers: { trailer: undefined, 'x-t': undefined },
  },
  {
    title: 'a 204',
    answer: 'HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n',
    status: 204,
    body: '',
    headers: { 'x-a': '1' },
  },
  {
    title: 'a 304',
    answer: 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n',
    status: 304,
    body: '',
    headers: { etag: '"x"' },
  },
  {
    title: 'a 304 with the length of what it stands for',
    answer: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n',
    status: 304,
    body: '',
  },
  {
    title: 'a 500 of the upstream’s own',
    answer: 'HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno',
    status: 500,
    body: 'no',
  },
  {
    title: 'a 401',
    answer: 'HTTP/1.1 401 No\r\nContent-Length: 2\r\nWWW-Authenticate: Bearer\r\n\r\nno',
    status: 401,
    body: 'no',
    headers: { 'www-authenticate': 'Bearer' },
  },
  {
    title: 'several Set-Cookie fields, one by one',
    answer: 'HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n',
    status: 200,
    headers: { 'set-cookie': 'a=1\nb=2' },
  },
  {
    title: 'an answer that nominates a field, which ends here',
    answer: 'HTTP/1.1 200 OK\r\nConnection: X-Mine\r\nX-Mine: 1\r\nX-Other: 2\r\nContent-Length: 0\r\n\r\n',
    status: 200,
    headers: { 'x-mine': undefined, 'x-other': '2' },
  },
  {
    title: 'an answer with Keep-Alive of its own, which ends here',
    answer: 'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n',
    status: 200,
    headers: { 'keep-alive': 'timeout=65' },
  },
  {
    title: 'an informational answer before the final one, dropped',
    answer: 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    status: 200,
    body: 'ok',
    headers: { link: undefined },
  },
  {
    title: 'high bytes in a value',
    answer: 'HTTP/1.1 200 OK\r\nX-A: \xe4\xf6\r\nContent-Length: 0\r\n\r\n',
    status: 200,
    headers: { 'x-a': '\xe4\xf6' },
  },
]

/** Answers that cannot be passed on: 502, never half of them. */
export const SPOILED: readonly { title: string; answer: string }[] = [
  { title: 'no HTTP at all', answer: 'hello\r\n\r\n' },
  { title: 'a Content-Length that is no number', answer: 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n' },
  {
    title: 'two different Content-Lengths',
    answer: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok',
  },
  {
    title: 'Content-Length with Transfer-Encoding',
    answer: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
  },
  {
    title: 'a coding besides chunked',
    answer: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
  },
  { title: 'a NUL in a value', answer: 'HTTP/1.1 200 OK\r\nX-A: 1\x002\r\nContent-Length: 2\r\n\r\nok' },
  { title: 'a space before a colon', answer: 'HTTP/1.1 200 OK\r\nX-A : 1\r\nContent-Length: 2\r\n\r\nok' },
  {
    title: 'a switch of protocols nobody asked for',
    answer: 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: frob\r\n\r\n',
  },
  {
    title: 'a head of more than 16 KiB',
    answer: `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(17_000)}\r\nContent-Length: 2\r\n\r\nok`,
  },
]

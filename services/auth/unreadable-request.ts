import type { Duplex } from 'node:stream'
import type { ErrorBody } from '#contract/reasons.ts'

/** A listener for `clientError`: answers what no request could be read from, in the shape of every error, and closes. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, ...body } = BROKEN[error.code ?? ''] ?? NOT_HTTP
  const text = JSON.stringify(body satisfies ErrorBody)
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${text.length}\r\n\r\n${text}`,
  )
}

const NOT_HTTP = {
  status: '400 Bad Request',
  error: 'invalid_request',
  message: 'The request is not valid HTTP.',
}

/** What the parser gives up on: by its code. */
const BROKEN: Readonly<Record<string, typeof NOT_HTTP>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    error: 'header_too_large',
    message: 'The address and headers are larger than this server accepts.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    error: 'request_timeout',
    message: 'The request did not come to an end in time.',
  },
}

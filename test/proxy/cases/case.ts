import type { ReadRequest } from '../two-parses.ts'

/** Bytes that must be refused: this status, close, FIN, nothing upstream, and the proxy lives on. */
export interface RefusedCase {
  readonly title: string
  readonly send: string
  readonly status: number | readonly number[]
}

/** Bytes that must be served: 200, and this is what went upstream, for both readers of it. */
export interface ServedCase {
  readonly title: string
  readonly send: string
  /** Called with the one request that went upstream. */
  readonly check?: (request: ReadRequest) => void
  readonly status?: number
}

/** A POST head with these fields, and a body. */
export function post(fields: string, body: string): string {
  return `POST /x HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\n${body}`
}

/** A GET with these fields. */
export function get(fields: string): string {
  return `GET /x HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\n`
}

export const SMUGGLED = 'GET /admin HTTP/1.1\r\nHost: a\r\n\r\n'

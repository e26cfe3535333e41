import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Peer } from './forwarding-headers.ts'
import { type Refusal, refusalBody } from './refusal.ts'

/** What a connection hands to the guard, one at a time. */
export type StartRequest = (
  request: IncomingMessage,
  response: ServerResponse,
  connection: ClientConnection,
) => void

/**
 * One client connection. Requests that a client sends without waiting (pipelining) are worked on one after the other:
 * a POST takes effect before the GET behind it, and nothing behind a refused request goes anywhere.
 */
export class ClientConnection {
  readonly peer: Peer
  readonly #start: StartRequest
  readonly #maxWaiting: number
  #busy = false
  /** The rest of what this client sends is nobody's: a refusal has been given or is about to be. */
  #closing = false
  #waiting: { request: IncomingMessage; response: ServerResponse }[] | undefined
  /** A refusal of what will not be worked on; given when the answers before it are out. Nothing behind it is looked at. */
  #unreadable: (() => void) | undefined
  /** Told when the body being read turns out to be malformed. */
  bodyFailed: ((refusal: Refusal) => void) | undefined

  constructor(peer: Peer, start: StartRequest, maxWaiting: number) {
    this.peer = peer
    this.#start = start
    this.#maxWaiting = maxWaiting
  }

  /** Is an answer still to be given? */
  get isBusy(): boolean {
    return this.#busy
  }

  /** @returns false when the client has sent more requests ahead than may wait. */
  accept(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.#closing || this.#unreadable) return true
    if (!this.#busy) {
      this.#busy = true
      this.#start(request, response, this)
      return true
    }
    this.#waiting ??= []
    if (this.#waiting.length >= this.#maxWaiting) return false
    this.#waiting.push({ request, response })
    return true
  }

  /** The answer of the current request is complete, or there will be none. */
  done(): void {
    this.#busy = false
    if (this.#closing) return
    const next = this.#waiting?.shift()
    if (next) {
      this.#busy = true
      this.#start(next.request, next.response, this)
    } else if (this.#unreadable) {
      this.refuseRest()
      this.#unreadable()
    }
  }

  /** No request behind the current one will be worked on. */
  refuseRest(): void {
    this.#closing = true
    this.#waiting = undefined
  }

  /** The bytes after the requests so far cannot be read: gives the refusal in its turn. */
  unreadable(refusal: Refusal, answer: () => void): void {
    if (this.#closing) return
    const reading = this.bodyFailed
    if (reading) {
      this.bodyFailed = undefined
      reading(refusal)
    } else if (this.#busy) this.#unreadable ??= answer
    else {
      this.refuseRest()
      answer()
    }
  }
}

/** A refusal written to a connection that has no response object for it. */
export function rawRefusal(refusal: Refusal, reason: string): string {
  const body = refusalBody(refusal)
  return (
    `HTTP/1.1 ${refusal.status} ${reason}\r\nx-served-by: proxy\r\ncontent-type: application/json\r\n` +
    `content-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`
  )
}

/**
 * Closes a connection so that the last answer arrives: FIN after it, then reads and drops what the client still
 * sends (a reset would take the answer with it), and gives up after `lingerMs`.
 */
export function closeGently(socket: Socket, lingerMs: number): void {
  if (socket.destroyed) return
  socket.end()
  const timer = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('close', () => clearTimeout(timer))
  socket.once('end', () => socket.destroySoon())
  socket.resume()
}

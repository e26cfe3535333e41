import type { IncomingMessage } from 'node:http'
import type { Counters } from '../counters.ts'
import type { ProxySettings } from '../settings.ts'
import { REFUSALS, type Refusal } from './refusal.ts'

/**
 * Reads a whole body before anything goes upstream. Bodies are small here (1 MiB at most), and so a slow client holds
 * no upstream connection, a malformed chunk or a body over the limit costs nobody anything, and what goes on always
 * has a Content-Length.
 * @param done called once with the body or with why it is refused; never after the returned function was called.
 */
export function readBody(
  request: IncomingMessage,
  client: ProxySettings['client'],
  counters: Counters,
  done: (body: Buffer | Refusal) => void,
): () => void {
  const chunks: Buffer[] = []
  let size = 0
  const stop = (): void => {
    counters.heldBytes -= size
    size = 0
    request.off('data', onData)
    request.off('end', onEnd)
  }
  const refuse = (refusal: Refusal): void => {
    stop()
    done(refusal)
  }
  const onData = (chunk: Buffer): void => {
    size += chunk.length
    counters.heldBytes += chunk.length
    if (size > client.maxBodyBytes) refuse(REFUSALS.bodyTooLarge)
    else if (counters.heldBytes > client.maxHeldBytes) refuse(REFUSALS.overloaded)
    else chunks.push(chunk)
  }
  const onEnd = (): void => {
    const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
    request.off('data', onData)
    request.off('end', onEnd)
    done(body)
  }
  request.on('data', onData)
  request.on('end', onEnd)
  return stop
}

import type { Socket } from 'node:net'
import { monotonicUs } from '#contract/clock.ts'
import { HEALTHY_LINK, type LinkCondition } from '#contract/links.ts'
import type { Alarm } from './alarm.ts'

export interface FlowSurroundings {
  readonly alarm: Alarm
  /** Draws in [0, 1), for jitter. */
  readonly chance: () => number
}

/** One direction of a connection. */
export interface Flow {
  set(condition: LinkCondition): void
  /** Forgets what was not delivered yet. */
  discard(): void
}

/** Bytes kept back before the sender is made to wait, as a full network would. */
const HELD_BYTES_MAX = 1024 * 1024

/** `null`: the sender has said that nothing more comes. */
interface Held {
  dueUs: number
  bytes: Buffer | null
}

/** Carries bytes from one socket to the other in their order, late or not at all as the link’s condition says. */
export function createFlow(source: Socket, sink: Socket, { alarm, chance }: FlowSurroundings): Flow {
  let condition = HEALTHY_LINK
  const held: Held[] = []
  let heldBytes = 0
  let lastDueUs = 0
  let awaitsDrain = false

  const regulate = (): void => {
    if (condition.silent || awaitsDrain || heldBytes > HELD_BYTES_MAX) source.pause()
    else source.resume()
  }
  const deliver = (bytes: Buffer | null): void => {
    if (bytes === null) sink.end()
    else if (!sink.write(bytes)) awaitsDrain = true
  }
  const flush = (): void => {
    if (condition.silent || sink.destroyed) return
    const nowUs = monotonicUs()
    for (let next = held[0]; next !== undefined && next.dueUs <= nowUs; next = held[0]) {
      held.shift()
      heldBytes -= next.bytes?.length ?? 0
      deliver(next.bytes)
    }
    regulate()
  }
  const take = (bytes: Buffer | null): void => {
    const { delayMs, jitterMs, silent } = condition
    const delayUs = ((delayMs + jitterMs * (jitterMs > 0 ? chance() : 0)) / 2) * 1000
    if (delayUs === 0 && held.length === 0 && !silent) {
      deliver(bytes)
      if (awaitsDrain) source.pause()
      return
    }
    // Never before what was sent earlier.
    lastDueUs = Math.max(lastDueUs, monotonicUs() + delayUs)
    held.push({ dueUs: lastDueUs, bytes })
    heldBytes += bytes?.length ?? 0
    alarm.at(lastDueUs, flush)
    if (heldBytes > HELD_BYTES_MAX) source.pause()
  }
  source.on('data', take)
  source.on('end', () => take(null))
  sink.on('drain', () => {
    awaitsDrain = false
    regulate()
  })
  return {
    set(next) {
      condition = next
      flush()
      regulate()
    },
    discard() {
      held.length = 0
      heldBytes = 0
    },
  }
}

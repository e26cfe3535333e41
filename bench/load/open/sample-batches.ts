import type { LoadHooks, Sample } from '../plan.ts'
import type { Arrival, Settled } from './arrival.ts'

const BATCH_SIZE = 256
const BATCH_AGE_MS = 100

/** Collects samples, so that they cross to the experiment's process many at a time. */
export interface SampleBatches {
  add(arrival: Arrival, settled: Settled): void
  flush(): void
}

/** @param deliver undefined: nobody wants samples, and none are kept. */
export function createSampleBatches(deliver: LoadHooks['onSamples']): SampleBatches {
  if (!deliver) return { add() {}, flush() {} }
  let batch: Sample[] = []
  let timer: NodeJS.Timeout | undefined

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    const full = batch
    batch = []
    if (full.length > 0) deliver?.(full)
  }

  return {
    flush,
    add(arrival, settled) {
      batch.push({
        seq: arrival.seq,
        user: arrival.client.userId,
        dueUs: arrival.dueUs,
        sentUs: arrival.sentUs,
        firstByteUs: arrival.firstByteUs,
        doneUs: arrival.doneUs,
        outcome: settled.outcome,
        status: settled.status,
        node: settled.node,
        reason: settled.reason,
        bytesUp: settled.bytesUp,
        bytesDown: settled.bytesDown,
      })
      if (batch.length >= BATCH_SIZE) flush()
      else timer ??= setTimeout(flush, BATCH_AGE_MS)
    },
  }
}

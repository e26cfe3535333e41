import { setTimeout as sleep } from 'node:timers/promises'

/** Calls it again and again, one call after the other, begun at least `intervalMs` apart, until the signal ends it. */
export async function every(
  intervalMs: number,
  signal: AbortSignal,
  act: (turn: number) => Promise<void>,
): Promise<void> {
  const startMs = performance.now()
  for (let turn = 0; !signal.aborted; turn += 1) {
    await act(turn)
    const waitMs = startMs + (turn + 1) * intervalMs - performance.now()
    // Awaiting the end of the probing is no failure of it.
    if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => {})
  }
}

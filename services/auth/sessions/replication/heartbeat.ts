const BEAT_MS = 250
/** A node that was stopped for longer than this asks again what happened meanwhile, before it answers anybody. */
const PAUSE_MAX_MS = 1_000

/** Beats while it runs, and notices when this process was stopped in between. */
export class Heartbeat {
  readonly #onBeat: (wasStopped: boolean) => void
  #beatAtMs = performance.now()
  #timer: NodeJS.Timeout | undefined

  constructor(onBeat: (wasStopped: boolean) => void) {
    this.#onBeat = onBeat
  }

  /** Has it beaten within the longest pause? */
  get isRecent(): boolean {
    return performance.now() - this.#beatAtMs < PAUSE_MAX_MS
  }

  /** Also as the first beat after a rest. */
  start(): void {
    this.#beatAtMs = performance.now()
    if (this.#timer !== undefined) return
    this.#timer = setInterval(() => {
      const wasStopped = !this.isRecent
      this.#beatAtMs = performance.now()
      this.#onBeat(wasStopped)
    }, BEAT_MS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}

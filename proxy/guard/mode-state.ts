import type { ModePhaseRequest } from '#contract/control.ts'
import { parseModeHeader } from '#contract/headers.ts'
import { isModeName, MODES, type ModeName } from '#contract/modes.ts'
import type { ProxySettings } from '../settings.ts'

/** Who is told when the mode changes or a hold ends without a change. */
export type ModeListener = (what: string) => void

/**
 * The mode the proxy is in, and the gate of a switch: between `prepare` and `commit` new requests wait, for a bounded
 * time and in a bounded number; when either bound is reached they go on in the old mode.
 */
export class ModeState {
  #mode: ModeName
  #generation: number
  #held: (() => void)[] | undefined
  #timer: NodeJS.Timeout | undefined
  readonly #settings: ProxySettings['modeHold']
  readonly #listener: ModeListener
  /** The last mode header seen and what it meant: nearly always the same. */
  #lastHeader = ''
  #lastAffinity = false

  constructor(
    mode: ModeName,
    generation: number,
    settings: ProxySettings['modeHold'],
    listener: ModeListener,
  ) {
    this.#mode = mode
    this.#generation = generation
    this.#settings = settings
    this.#listener = listener
  }

  get mode(): ModeName {
    return this.#mode
  }
  get generation(): number {
    return this.#generation
  }
  /** How many requests wait for the end of a switch. */
  get heldCount(): number {
    return this.#held?.length ?? 0
  }
  /** Does the mode pin users to nodes? */
  get pins(): boolean {
    return MODES[this.#mode].balancer === 'affinity-cookie'
  }

  /**
   * Does an answer pin its user? Decided by the mode that the answer names, so that one that was in flight during a
   * switch is treated in the mode it was made in; by the proxy's mode where it names none that is known.
   */
  answerPins(modeHeader: string | undefined): boolean {
    if (modeHeader === undefined) return this.pins
    if (modeHeader === this.#lastHeader) return this.#lastAffinity
    const named = parseModeHeader(modeHeader)?.mode
    if (named === undefined || !isModeName(named)) return this.pins
    this.#lastHeader = modeHeader
    this.#lastAffinity = MODES[named].balancer === 'affinity-cookie'
    return this.#lastAffinity
  }

  /** Runs `go` now, or when the hold ends. @returns false when it must wait. */
  pass(go: () => void): boolean {
    if (this.#held === undefined) {
      go()
      return true
    }
    if (this.#held.length >= this.#settings.maxRequests) {
      this.#release(`hold given up: ${this.#settings.maxRequests} requests waited`)
      go()
      return true
    }
    this.#held.push(go)
    return false
  }

  apply(request: ModePhaseRequest): void {
    switch (request.phase) {
      case 'prepare':
        this.#held ??= []
        clearTimeout(this.#timer)
        this.#timer = setTimeout(
          () => this.#release('hold given up: no commit in time'),
          this.#settings.maxMs,
        )
        return
      case 'commit':
        this.#mode = request.mode
        this.#generation = request.generation
        this.#release(`${request.mode}@${request.generation}`)
        return
      case 'abort':
        this.#release('hold ended: switch called off')
    }
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#held = undefined
  }

  #release(what: string): void {
    clearTimeout(this.#timer)
    const waiting = this.#held ?? []
    this.#held = undefined
    this.#listener(what)
    for (const go of waiting) go()
  }
}

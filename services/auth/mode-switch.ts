import type { FastifyInstance } from 'fastify'
import type { ModePhaseRequest } from '#contract/control.ts'
import { StillinError } from '#contract/errors.ts'
import type { ModeName } from '#contract/modes.ts'
import type { RenewalSetting } from '#contract/renewal.ts'
import type { AnswerTally } from './answer-tally.ts'
import { BuiltOnce } from './built-once.ts'
import type { NodeConfig } from './config.ts'
import type { CredentialStrategy } from './credentials/credential-strategy.ts'
import { AnswerError } from './errors.ts'
import { modeHeaders } from './mode-headers.ts'
import type { Stamp } from './stamped-response.ts'
import { type LoginKeepers, UserRevocations } from './user-revocations.ts'

/** One mode, ready to serve. */
export interface ModeInstance extends LoginKeepers {
  readonly app: FastifyInstance
}

/** What the next request is answered by. */
export interface CurrentMode extends ModeInstance {
  readonly mode: ModeName
  readonly generation: number
  readonly renewal: Required<RenewalSetting>
  readonly stamp: Stamp
}

/**
 * The modes this node has used, each with an application of its own, and the one that answers now. A switch is one
 * assignment; requests under way end in the application that began them; what a mode remembers is there again when
 * the mode comes back.
 */
export class ModeSwitch {
  readonly #config: NodeConfig
  readonly #tally: AnswerTally
  readonly #isDraining: () => boolean
  readonly #build: (mode: ModeName, renewal: Required<RenewalSetting>) => Promise<ModeInstance>
  /** By mode and renewal. */
  readonly #instances = new BuiltOnce<string, ModeInstance>()
  /** Of a user's logins, in every mode that this node has used. */
  readonly revocations = new UserRevocations(() => this.#instances.values())
  #renewal: Required<RenewalSetting>
  #current: CurrentMode | undefined
  #prepared: CurrentMode | undefined

  constructor(
    config: NodeConfig,
    tally: AnswerTally,
    isDraining: () => boolean,
    build: (mode: ModeName, renewal: Required<RenewalSetting>) => Promise<ModeInstance>,
  ) {
    this.#renewal = config.renewalNow
    this.#config = config
    this.#tally = tally
    this.#isDraining = isDraining
    this.#build = build
  }

  get current(): CurrentMode {
    if (this.#current === undefined) throw new Error('asked for the mode before the start')
    return this.#current
  }

  async start(mode: ModeName, generation: number): Promise<void> {
    this.#current = await this.#ready(mode, generation)
  }

  /**
   * Takes one phase of a switch (see ModePhaseRequest). Repeating a phase is harmless.
   * @throws AnswerError modeUnavailable, storeUnavailable (prepare) or phaseConflict.
   */
  async take({ mode, generation, phase }: ModePhaseRequest): Promise<void> {
    switch (phase) {
      case 'prepare':
        return this.#prepare(mode, generation)
      case 'commit':
        return this.#commit(mode, generation)
      case 'abort':
        if (this.#prepared?.generation === generation) this.#abandon()
    }
  }

  /**
   * From now on logins are made to last in this way, in every mode.
   * @throws AnswerError renewalUnavailable where revocations are not kept for as long as a rolling login can last,
   * phaseConflict in the middle of a switch, and storeUnavailable where what is owed to the refresh tokens cannot be done.
   */
  async renewBy({ renewal, refresh = this.#config.refresh }: RenewalSetting): Promise<void> {
    if (renewal === 'rolling' && this.#config.renewal !== 'rolling')
      throw new AnswerError('renewalUnavailable', {
        message:
          'This node was not started with STILLIN_RENEWAL=rolling: it keeps revocations for a shorter time.',
      })
    if (this.#prepared !== undefined) throw new AnswerError('phaseConflict')
    this.#renewal = { renewal, refresh }
    const { mode, generation } = this.current
    this.#current = await this.#ready(mode, generation)
  }

  async close(): Promise<void> {
    const instances = await Promise.all(this.#instances.values())
    for (const { app } of instances) await app.close()
    for (const strategy of new Set(instances.map(({ strategy }) => strategy))) await strategy.close()
    for (const refresh of new Set(instances.flatMap(({ refresh }) => refresh ?? []))) await refresh.close()
  }

  async #prepare(mode: ModeName, generation: number): Promise<void> {
    if (generation <= this.current.generation)
      throw new AnswerError('phaseConflict', {
        message: `Generation ${generation} is not after ${this.current.generation}, which is in use.`,
      })
    const next = await this.#ready(mode, generation).catch((error: unknown) => {
      if (!(error instanceof StillinError)) throw error
      throw new AnswerError('modeUnavailable', { message: error.message })
    })
    const isDown = (await next.strategy.storeState()) === 'down'
    const former = this.#prepared
    this.#prepared = isDown ? undefined : next
    this.#letRest(former?.strategy)
    if (!isDown) return
    this.#letRest(next.strategy)
    throw new AnswerError('storeUnavailable')
  }

  #commit(mode: ModeName, generation: number): void {
    const isCurrent = this.current.mode === mode && this.current.generation === generation
    if (isCurrent) return
    if (this.#prepared?.mode !== mode || this.#prepared.generation !== generation)
      throw new AnswerError('phaseConflict', { message: `${mode}@${generation} was not prepared.` })
    const former = this.current
    this.#current = this.#prepared
    this.#prepared = undefined
    this.#letRest(former.strategy)
  }

  #abandon(): void {
    const former = this.#prepared
    this.#prepared = undefined
    this.#letRest(former?.strategy)
  }

  /** Unless it answers now, or is about to. */
  #letRest(strategy: CredentialStrategy | undefined): void {
    if (strategy !== this.current.strategy && strategy !== this.#prepared?.strategy) strategy?.upkeep?.rest()
  }

  async #ready(mode: ModeName, generation: number): Promise<CurrentMode> {
    const renewal = this.#renewal
    const key = `${mode} ${renewal.renewal} ${renewal.refresh}`
    const { app, strategy, refresh } = await this.#instances.get(key, () => this.#build(mode, renewal))
    await this.revocations.settle({ strategy, refresh })
    await strategy.upkeep?.wake()
    const headers = modeHeaders(this.#config, mode, generation, renewal)
    const stamp = { tally: this.#tally, isDraining: this.#isDraining, headers }
    return { app, strategy, refresh, mode, generation, renewal, stamp }
  }
}

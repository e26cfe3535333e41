import type { FastifyInstance } from 'fastify'
import type { ModePhaseRequest } from '#contract/control.ts'
import { StillinError } from '#contract/errors.ts'
import { formatModeHeader, HEADERS } from '#contract/headers.ts'
import type { ModeName } from '#contract/modes.ts'
import { formatRevocation, MODES } from '#contract/modes.ts'
import type { AnswerTally } from './answer-tally.ts'
import type { NodeConfig } from './config.ts'
import type { CredentialStrategy } from './credentials/credential-strategy.ts'
import { AnswerError } from './errors.ts'
import { longestLoginS } from './login-span.ts'
import type { RefreshTokens } from './refresh/refresh-tokens.ts'
import type { Stamp } from './stamped-response.ts'

/** One mode, ready to serve. */
export interface ModeInstance {
  readonly app: FastifyInstance
  readonly strategy: CredentialStrategy
  /** Absent unless the renewal is by pair. */
  readonly refresh: RefreshTokens | undefined
}

/** What the next request is answered by. */
export interface CurrentMode extends ModeInstance {
  readonly mode: ModeName
  readonly generation: number
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
  readonly #build: (mode: ModeName) => Promise<ModeInstance>
  readonly #instances = new Map<ModeName, Promise<ModeInstance>>()
  #current: CurrentMode | undefined
  #prepared: CurrentMode | undefined

  constructor(
    config: NodeConfig,
    tally: AnswerTally,
    isDraining: () => boolean,
    build: (mode: ModeName) => Promise<ModeInstance>,
  ) {
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
        if (this.#prepared?.generation === generation) this.#prepared = undefined
    }
  }

  /**
   * Voids a user's logins in every mode that this node has used, also where one of them cannot do it.
   * @throws AnswerError storeUnavailable when one of them could not.
   */
  async revokeUser(userId: string): Promise<void> {
    const revocations = [...this.#instances.values()].map(async (instance) => {
      const { strategy, refresh } = await instance
      // First what fetches new credentials, then the credentials.
      await refresh?.revokeUser(userId)
      await strategy.revokeUser(userId)
    })
    const results = await Promise.allSettled(revocations)
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  async close(): Promise<void> {
    for (const instance of this.#instances.values()) {
      const { app, strategy, refresh } = await instance
      await app.close()
      await strategy.close()
      await refresh?.close()
    }
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
    if ((await next.strategy.storeState()) === 'down') throw new AnswerError('storeUnavailable')
    this.#prepared = next
  }

  #commit(mode: ModeName, generation: number): void {
    const isCurrent = this.current.mode === mode && this.current.generation === generation
    if (isCurrent) return
    if (this.#prepared?.mode !== mode || this.#prepared.generation !== generation)
      throw new AnswerError('phaseConflict', { message: `${mode}@${generation} was not prepared.` })
    this.#current = this.#prepared
    this.#prepared = undefined
  }

  async #ready(mode: ModeName, generation: number): Promise<CurrentMode> {
    let instance = this.#instances.get(mode)
    if (instance === undefined) {
      instance = this.#build(mode)
      this.#instances.set(mode, instance)
      // What failed once may succeed later: only what was built is kept.
      instance.catch(() => this.#instances.delete(mode))
    }
    const { app, strategy, refresh } = await instance
    return { app, strategy, refresh, mode, generation, stamp: this.#stamp(mode, generation) }
  }

  /** The bound that this node was set to, where the mode has one that can be set; undefined: the mode's own. */
  #boundMs(mode: ModeName): number | undefined {
    if (mode === 'jwt-pushed') return this.#config.pushedBoundMs
    return mode === 'redis-cached' ? this.#config.cacheBoundMs : undefined
  }

  #revocation(mode: ModeName): string {
    const { renewal, refresh, refreshS } = this.#config
    // Whatever the mode does with the credential: a copy of a refresh token that nobody keeps fetches the next one.
    if (renewal === 'pair' && refresh === 'stateless') return `at-expiry;s=${refreshS}`
    return formatRevocation(MODES[mode], longestLoginS(this.#config), this.#boundMs(mode))
  }

  #stamp(mode: ModeName, generation: number): Stamp {
    return {
      tally: this.#tally,
      isDraining: this.#isDraining,
      headers: {
        [HEADERS.servedBy]: this.#config.nodeId,
        [HEADERS.mode]: formatModeHeader(mode, generation),
        [HEADERS.revocation]: this.#revocation(mode),
        'cache-control': 'no-store',
      },
    }
  }
}

import { setTimeout as delay } from 'node:timers/promises'

/** Points at which a test can hold a request; named for what has just happened or is about to. */
export const GATE_NAMES = [
  'lookup-after-read',
  'write-before-save',
  'login-after-check',
  'login-before-issue',
  'password-before-save',
  'refresh-after-look',
  'refresh-before-redeem',
  'logout-before-revoke',
  'transfer-before-confirm',
] as const
export type GateName = (typeof GATE_NAMES)[number]

/** No request is held longer than this, whatever the test forgot. */
const HOLD_MAX_MS = 10_000
const ARRIVAL_MAX_MS = 5_000

interface Gate {
  waiting: number
  opened: PromiseWithResolvers<void>
  arrived: PromiseWithResolvers<void>
}

/** Named places where requests wait while a test lets others pass: races by order, not by luck. Tests only. */
export class Gates {
  readonly #gates = new Map<GateName, Gate>()

  hold(name: GateName): void {
    if (this.#gates.has(name)) return
    this.#gates.set(name, {
      waiting: 0,
      opened: Promise.withResolvers<void>(),
      arrived: Promise.withResolvers<void>(),
    })
  }

  release(name: GateName): void {
    this.#gates.get(name)?.opened.resolve()
    this.#gates.delete(name)
  }

  /** Waits while the gate is held, at most 10 s. */
  async pass(name: GateName): Promise<void> {
    const gate = this.#gates.get(name)
    if (gate === undefined) return
    gate.waiting += 1
    gate.arrived.resolve()
    await bounded(gate.opened.promise, HOLD_MAX_MS)
    gate.waiting -= 1
  }

  /** Resolves when a request waits at the held gate, or after 5 s; answers how many do. */
  async arrived(name: GateName): Promise<number> {
    const gate = this.#gates.get(name)
    if (gate === undefined) return 0
    await bounded(gate.arrived.promise, ARRIVAL_MAX_MS)
    return gate.waiting
  }
}

async function bounded(event: Promise<void>, limitMs: number): Promise<void> {
  const cancel = new AbortController()
  await Promise.race([event, delay(limitMs, undefined, { signal: cancel.signal }).catch(() => undefined)])
  cancel.abort()
}

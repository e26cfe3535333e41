import type { KeyRing } from '#contract/keys.ts'
import { AnswerError } from './errors.ts'
import { readKeyRing } from './key-ring.ts'

/** The key ring of this node, which can be exchanged while it runs: its signing keys, not the secret beside them. */
export class LiveKeyRing {
  readonly #file: string
  readonly #users: ((ring: KeyRing) => Promise<void>)[] = []
  #current: KeyRing
  #rereading: Promise<unknown> = Promise.resolve()

  /** @throws StillinError (usage) when the file holds no key ring. */
  constructor(file: string) {
    this.#file = file
    this.#current = readKeyRing(file)
  }

  get current(): KeyRing {
    return this.#current
  }

  /** Calls `use` whenever the ring changes; the change is done when it resolves. */
  onChange(use: (ring: KeyRing) => Promise<void>): void {
    this.#users.push(use)
  }

  /**
   * Reads the file again; resolves when everybody uses what it says. One at a time.
   * @throws AnswerError keyRingUnfit, and everything stays as it was.
   */
  reread(): Promise<KeyRing> {
    const next = this.#rereading.then(() => this.#exchange())
    this.#rereading = next.catch(() => undefined)
    return next
  }

  async #exchange(): Promise<KeyRing> {
    const before = this.#current
    const ring = readFitting(this.#file, before)
    this.#current = ring
    try {
      for (const use of this.#users) await use(ring)
    } catch (cause) {
      this.#current = before
      for (const use of this.#users) await use(before)
      throw new AnswerError('keyRingUnfit', { cause })
    }
    return ring
  }
}

function readFitting(file: string, before: KeyRing): KeyRing {
  let ring: KeyRing
  try {
    ring = readKeyRing(file)
  } catch (cause) {
    throw new AnswerError('keyRingUnfit', { cause })
  }
  const isSame =
    ring.cookieSecret === before.cookieSecret && ring.signing.algorithm === before.signing.algorithm
  if (isSame) return ring
  throw new AnswerError('keyRingUnfit', {
    message: 'Only signing keys can be exchanged while a node runs: the secret and the algorithm stay.',
  })
}

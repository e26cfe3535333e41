import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { COOKIES, cookieName } from '#contract/headers.ts'

/** Where a request's affinity cookie leads. `forged` and absent look the same. */
export interface Pin {
  /** Undefined: no pin. May name an upstream that is no longer there. */
  nodeId: string | undefined
  /** The `cookie` header without the affinity cookie; undefined when nothing is left. */
  rest: string | undefined
}

/**
 * The cookie that pins a user to a node: the node's id and an HMAC of it, so that nobody can choose a node.
 * The key is derived (HKDF, purpose `affinity`) from the cluster's cookie secret: pins outlive a restart of the proxy.
 */
export class AffinityCookie {
  readonly name: string
  readonly #key: Buffer
  readonly #attributes: string
  readonly #prefix: string
  /** Valid values seen or issued. One an upstream, so it is bounded by the number of upstreams ever authenticated. */
  readonly #valueOf = new Map<string, string>()
  readonly #nodeOf = new Map<string, string>()

  constructor(secret: Uint8Array, tls: boolean) {
    this.name = cookieName(COOKIES.affinity, tls)
    this.#prefix = `${this.name}=`
    this.#attributes = `; Path=/; HttpOnly; SameSite=Lax${tls ? '; Secure' : ''}`
    this.#key = Buffer.from(hkdfSync('sha256', secret, new Uint8Array(), 'affinity', 32))
  }

  /** `name=value`, as a client sends it. */
  pair(nodeId: string): string {
    return this.#prefix + this.#value(nodeId)
  }

  /** The `set-cookie` value. Session-scoped: no Max-Age. */
  setCookie(nodeId: string): string {
    return this.pair(nodeId) + this.#attributes
  }

  /** Reads and removes the affinity cookie. The first valid one counts; all of them are removed. */
  take(cookieHeader: string): Pin {
    if (!cookieHeader.includes(this.#prefix)) return { nodeId: undefined, rest: cookieHeader }
    let nodeId: string | undefined
    const kept: string[] = []
    for (const part of cookieHeader.split(';')) {
      const pair = part.trim()
      if (pair.startsWith(this.#prefix)) nodeId ??= this.#verify(pair.slice(this.#prefix.length))
      else if (pair !== '') kept.push(pair)
    }
    return { nodeId, rest: kept.length === 0 ? undefined : kept.join('; ') }
  }

  #value(nodeId: string): string {
    const known = this.#valueOf.get(nodeId)
    if (known !== undefined) return known
    const value = `${nodeId}.${this.#sign(nodeId)}`
    this.#valueOf.set(nodeId, value)
    this.#nodeOf.set(value, nodeId)
    return value
  }

  #verify(value: string): string | undefined {
    const known = this.#nodeOf.get(value)
    if (known !== undefined) return known
    const dot = value.lastIndexOf('.')
    if (dot < 1 || dot > 64) return undefined
    const nodeId = value.slice(0, dot)
    const given = Buffer.from(value.slice(dot + 1))
    const right = Buffer.from(this.#sign(nodeId))
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
    this.#value(nodeId)
    return nodeId
  }

  #sign(nodeId: string): string {
    return createHmac('sha256', this.#key).update(nodeId).digest('base64url')
  }
}

/** What a client holds after an answer, and the names that the history knows it by. Nobody changes one: an old one can be presented again. */
export interface Held {
  readonly user: string
  readonly client: string
  /** Names the login, and the credential's text. */
  readonly login: string
  readonly credential: string
  /** Cookies by name. */
  readonly cookies: Readonly<Record<string, string>>
  readonly bearer?: string
  readonly refresh?: { readonly text: string; readonly name: string }
}

/** What an answer handed out, as texts. */
export interface HandedOut {
  readonly cookies: Readonly<Record<string, string>>
  readonly bearer?: string
  readonly refresh?: string
  /** Absolute lifetime, s. */
  readonly livesS?: number
  /** As the token shows it. */
  readonly epoch?: number
}

/** Headers that present it. */
export function presentation(held: Held | undefined): Record<string, string> {
  if (held === undefined) return {}
  const pairs = Object.entries(held.cookies).map(([name, value]) => `${name}=${value}`)
  return {
    ...(pairs.length === 0 ? {} : { cookie: pairs.join('; ') }),
    ...(held.bearer === undefined ? {} : { authorization: `Bearer ${held.bearer}` }),
  }
}

/** Gives every secret text a name, the same text the same name. */
export class SecretNames {
  /** How many there are of each, so far. */
  readonly #logins = new Map<string, number>()
  readonly #credentials = new Map<string, number>()
  readonly #refreshes = new Map<string, string>()
  readonly #places = new Map<string, number>()

  newLogin(user: string): string {
    return `${user}:${countUp(this.#logins, user)}`
  }

  newCredential(login: string): string {
    return `${login}/${countUp(this.#credentials, login)}`
  }

  /** @param after the token that was presented for this one; undefined: a family begins. */
  refresh(text: string, login: string, after: string | undefined): string {
    const known = this.#refreshes.get(text)
    if (known !== undefined) return known
    const family = after === undefined ? `${login}~f` : after.slice(0, after.lastIndexOf('.'))
    const name = `${family}.${countUp(this.#places, family)}`
    this.#refreshes.set(text, name)
    return name
  }
}

function countUp(counts: Map<string, number>, name: string): number {
  const count = (counts.get(name) ?? 0) + 1
  counts.set(name, count)
  return count
}

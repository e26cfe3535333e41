/** The cookies one client holds for one origin. */
export interface CookieJar {
  /**
   * Takes in the `set-cookie` lines of one answer. A cookie whose name is not kept is ignored; an empty value,
   * `Max-Age` of 0 or less, or an `Expires` in the past removes it (RFC 6265 section 5.3).
   * @returns true where the jar changed.
   */
  absorb(setCookies: readonly string[]): boolean
  /** Puts one cookie in, as if it had been set (a pin handed out by an administrator). */
  put(name: string, value: string): void
  /** The `cookie` request header, cookies in the order they first came; undefined while there is none. */
  header(): string | undefined
  get(name: string): string | undefined
}

/**
 * @param kept names of the cookies to keep; the `__Host-` prefix is understood. Undefined: all of them.
 * @param nowMs the wall clock, which `Expires` and `Max-Age` are measured by.
 */
export function createCookieJar(kept?: readonly string[], nowMs: () => number = Date.now): CookieJar {
  const held = new Map<string, { value: string; expiresMs: number }>()

  function live(name: string): string | undefined {
    const cookie = held.get(name)
    if (!cookie) return undefined
    if (cookie.expiresMs > nowMs()) return cookie.value
    held.delete(name)
    return undefined
  }

  return {
    absorb(setCookies) {
      let changed = false
      for (const line of setCookies) {
        const cookie = parseSetCookie(line, nowMs())
        if (!cookie || (kept && !kept.includes(cookie.name.replace(/^__Host-/, '')))) continue
        if (cookie.value === '' || cookie.expiresMs <= nowMs()) changed = held.delete(cookie.name) || changed
        else {
          changed = held.get(cookie.name)?.value !== cookie.value || changed
          held.set(cookie.name, { value: cookie.value, expiresMs: cookie.expiresMs })
        }
      }
      return changed
    },
    put(name, value) {
      held.set(name, { value, expiresMs: Number.POSITIVE_INFINITY })
    },
    header() {
      const pairs: string[] = []
      for (const name of [...held.keys()]) {
        const value = live(name)
        if (value !== undefined) pairs.push(`${name}=${value}`)
      }
      return pairs.length > 0 ? pairs.join('; ') : undefined
    },
    get: live,
  }
}

/** The pairs of a `cookie` request header, in order; a part without `=` is left out. */
export function parseCookieHeader(header: string): [name: string, value: string][] {
  const pairs: [string, string][] = []
  for (const part of header.split(';')) {
    const equals = part.indexOf('=')
    if (equals > 0) pairs.push([part.slice(0, equals).trim(), part.slice(equals + 1).trim()])
  }
  return pairs
}

function parseSetCookie(
  line: string,
  nowMs: number,
): { name: string; value: string; expiresMs: number } | undefined {
  const [pair = '', ...attributes] = line.split(';')
  const equals = pair.indexOf('=')
  if (equals < 1) return undefined
  let maxAgeS: number | undefined
  let expiresMs = Number.POSITIVE_INFINITY
  for (const attribute of attributes) {
    const [name = '', value = ''] = attribute.trim().split('=', 2)
    if (/^max-age$/i.test(name) && /^-?\d+$/.test(value)) maxAgeS = Number(value)
    // A date that cannot be read counts as none.
    const date = /^expires$/i.test(name) ? Date.parse(value) : Number.NaN
    if (!Number.isNaN(date)) expiresMs = date
  }
  // Max-Age has precedence over Expires.
  if (maxAgeS !== undefined) expiresMs = maxAgeS <= 0 ? 0 : nowMs + maxAgeS * 1000
  return { name: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim(), expiresMs }
}

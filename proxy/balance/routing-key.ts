/** What is hashed: a cookie or a header of the request, by name. */
export interface KeySource {
  readonly kind: 'cookie' | 'header'
  readonly name: string
}

/** Reads `cookie:NAME`, `header:NAME`, or `NAME` (a cookie); undefined when it is none of these. */
export function parseKeySource(text: string): KeySource | undefined {
  const match = /^(?:(cookie|header):)?([!#$%&'*+.^_`|~0-9A-Za-z-]{1,64})$/.exec(text)
  if (!match?.[2]) return undefined
  const kind = match[1] === 'header' ? 'header' : 'cookie'
  return { kind, name: kind === 'header' ? match[2].toLowerCase() : match[2] }
}

/** Finds the key in a request's raw headers; undefined when it brings none, or an empty one. */
export function createKeyReader(source: KeySource): (rawHeaders: readonly string[]) => string | undefined {
  const { kind, name } = source
  const header = kind === 'header' ? name : 'cookie'
  const prefix = `${name}=`
  return (rawHeaders) => {
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
      if ((rawHeaders[i] ?? '').toLowerCase() !== header) continue
      const value = rawHeaders[i + 1] ?? ''
      if (kind === 'header') return value === '' ? undefined : value
      for (const part of value.split(';')) {
        const pair = part.trim()
        if (pair.startsWith(prefix) && pair.length > prefix.length) return pair.slice(prefix.length)
      }
    }
    return undefined
  }
}

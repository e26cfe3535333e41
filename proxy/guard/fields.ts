/** What the guard does with a request's header field. */
export type RequestFieldKind =
  | 'pass'
  | 'drop'
  | 'host'
  | 'connection'
  | 'content-length'
  | 'transfer-encoding'
  | 'cookie'
  | 'once'
  | 'forwarding'
  | 'via'

/** Hop-by-hop fields (RFC 9110, 7.6.1) and those that speak to this proxy. Expect is answered here. */
const HOP_BY_HOP = [
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'te',
  'trailer',
  'upgrade',
  'http2-settings',
  'expect',
]

/** Written by the proxy; what a client sends in them is believed only from a trusted proxy. */
const FORWARDING = [
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-real-ip',
  'x-request-id',
  'forwarded',
]

/** Fields that may come once: a second one means that two readers could choose differently. */
const ONCE = ['authorization', 'content-type', 'x-csrf']

const KINDS: ReadonlyMap<string, RequestFieldKind> = new Map<string, RequestFieldKind>([
  ...HOP_BY_HOP.map((name) => [name, 'drop'] as const),
  ...FORWARDING.map((name) => [name, 'forwarding'] as const),
  ...ONCE.map((name) => [name, 'once'] as const),
  ['host', 'host'],
  ['connection', 'connection'],
  ['content-length', 'content-length'],
  ['transfer-encoding', 'transfer-encoding'],
  ['cookie', 'cookie'],
  ['via', 'via'],
])

/** Names that `Connection` cannot take away: without them a body would go out unframed, or a client be someone else. */
const PROTECTED = new Set([
  ...FORWARDING,
  ...ONCE,
  'host',
  'content-length',
  'transfer-encoding',
  'cookie',
  'via',
])

/** @param name in lower case. */
export function requestFieldKind(name: string): RequestFieldKind {
  const kind = KINDS.get(name)
  if (kind !== undefined) return kind
  if (!name.includes('_')) return 'pass'
  // Some servers read `X_Forwarded_For` as `X-Forwarded-For`: no such spelling of a field that is ours gets through.
  return KINDS.has(name.replaceAll('_', '-')) ? 'drop' : 'pass'
}

/** The names that a Connection header takes away, in lower case; undefined when it is malformed. */
export function nominated(connection: string): readonly string[] | undefined {
  const names: string[] = []
  for (const part of connection.toLowerCase().split(',')) {
    const name = part.trim()
    if (name === '' || name === 'keep-alive' || name === 'close' || name === 'upgrade') continue
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) return undefined
    if (!PROTECTED.has(name)) names.push(name)
  }
  return names
}

/** Fields of an answer that end at this hop. */
export const ANSWER_DROPPED: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

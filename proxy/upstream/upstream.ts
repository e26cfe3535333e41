import type { UpstreamState } from '#contract/proxy-admin.ts'

/** One server behind the proxy: where it is, how it does, what it has answered. Counters only grow. */
export class Upstream {
  readonly id: string
  readonly url: string
  readonly hostname: string
  readonly port: number
  /** `host:port`, for requests that bring no Host of their own. */
  readonly authority: string
  readonly weight: number
  /** What active checks say; undefined until the first success. */
  checkedUp: boolean | undefined = undefined
  ejected = false
  draining = false
  /** A draining upstream's pins are kept until they are told to move. */
  keepsPins = true
  /** Failures in a row as traffic sees them, and how often in a row it was ejected for them. */
  failuresInARow = 0
  ejections = 0
  /** Came to a pool that was at work already: begins slowly. */
  readonly isLatecomer: boolean
  /** When it last came back (`performance.now()`), for the slow start; 0: it has been there all the time. */
  backSinceMs = 0
  inFlight = 0
  answered = 0
  failed = 0
  /** Time from sending to the answer's head, summed, ms. */
  waitedMs = 0

  /** @param url an origin: `http://host:port`, checked by `parseUpstreamUrl`. */
  constructor(id: string, url: URL, weight = 1, isLatecomer = false) {
    this.id = id
    this.url = url.origin
    this.hostname = url.hostname.replace(/^\[|\]$/g, '')
    this.port = url.port === '' ? 80 : Number(url.port)
    this.authority = url.host
    this.weight = weight
    this.isLatecomer = isLatecomer
  }

  /** May it be given traffic on its own merit? Asked here and nowhere else. */
  get healthy(): boolean {
    return this.checkedUp === true && !this.ejected
  }

  get health(): UpstreamState['health'] {
    if (this.checkedUp !== true) return 'down'
    if (this.ejected) return 'ejected'
    return this.draining ? 'draining' : 'up'
  }

  state(): UpstreamState {
    const { id, url, health, inFlight, answered, failed } = this
    return { id, url, health, inFlight, answered, failed }
  }
}

/** The URL of an upstream, or what is wrong with it. Plain http and an origin only: the path is the client's. */
export function parseUpstreamUrl(text: string): URL | string {
  if (!URL.canParse(text)) return `"${text}" is not a URL`
  const url = new URL(text)
  if (url.protocol !== 'http:') return `"${text}" must start with http://`
  if (
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== '' ||
    url.username !== '' ||
    url.password !== ''
  )
    return `"${text}" must be an origin such as http://127.0.0.1:3001`
  return url
}

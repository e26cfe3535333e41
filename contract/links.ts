/**
 * What is wrong with the link from one part to another. Links can be told so only in a cluster that was started with
 * relays: each connection then runs through one from the start, whether anything is wrong or not.
 */
export interface LinkCondition {
  /** Added to every round trip, ms: half of it in each direction. */
  delayMs: number
  /** Up to this much more for each round trip, ms, drawn evenly. */
  jitterMs: number
  /** Connections are reset, and new ones as soon as they are made. */
  cut: boolean
  /** Nothing gets through in either direction, and nobody is told; what was sent meanwhile arrives when it is over. */
  silent: boolean
}

export const HEALTHY_LINK: LinkCondition = { delayMs: 0, jitterMs: 0, cut: false, silent: false }

/** Longest delay and jitter, ms. */
export const LINK_DELAY_MAX_MS = 60_000

/** Body of `PUT /links/:from/:to` on control: the condition from now on; what is left out is healthy. */
export type LinkRequest = Partial<LinkCondition>

/** In words: `cut`, `silent`, `50 ms more a round trip`, `healthy`. */
export function linkWords({ delayMs = 0, jitterMs = 0, cut, silent }: LinkRequest): string {
  if (cut) return 'cut'
  if (silent) return 'silent'
  const words = [
    delayMs === 0 ? '' : `${delayMs} ms more a round trip`,
    jitterMs === 0 ? '' : `up to ${jitterMs} ms of jitter`,
  ].filter((word) => word !== '')
  return words.join(', ') || 'healthy'
}

/** A link that runs through a relay, as it is now. */
export interface LinkState {
  from: string
  /** `redis`, `store`, or another node. */
  to: string
  /** Where `from` connects to, on its own host's loopback. */
  port: number
  condition: LinkCondition
}

/** One link as its relay is told of it when it starts. */
export interface RelayPlan {
  from: string
  to: string
  /** Where `from` connects to, on loopback. */
  port: number
  target: { host: string; port: number }
}

/** supervisor → relay process: answered by `LinkedMessage` with the same `requestId`. */
export interface LinkMessage {
  type: 'link'
  requestId: number
  from: string
  to: string
  condition: LinkCondition
}
/** supervisor → relay process: further links, healthy; or an end to every link from and to a part. Answered as above. */
export interface OpenLinksMessage {
  type: 'open'
  requestId: number
  relays: readonly RelayPlan[]
}
export interface CloseLinksMessage {
  type: 'close'
  requestId: number
  part: string
}
/** relay process → supervisor: it holds from now on. */
export interface LinkedMessage {
  type: 'linked'
  requestId: number
}

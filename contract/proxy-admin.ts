import type { BalancerName } from './modes.ts'

/** One upstream as the proxy sees it. Part of `GET /cluster` on the proxy. */
export interface UpstreamState {
  id: string
  url: string
  /** `up` takes traffic; `down` by active checks; `ejected` by passive ones; `draining` keeps its pins only. */
  health: 'up' | 'down' | 'ejected' | 'draining'
  inFlight: number
  /** Requests it answered, and tries that failed. */
  answered: number
  failed: number
}

export interface ProxyState {
  balancer: BalancerName
  /** How requests that are pinned to nobody are spread: round-robin, least-in-flight, power-of-two, or rendezvous hash. */
  algorithm?: string
  upstreams: readonly UpstreamState[]
}

/** Something the proxy noticed; `GET /events?since=SEQ` answers `{events}` in order, from a bounded ring. */
export interface ProxyEvent {
  seq: number
  /** µs on the monotonic clock. */
  atUs: number
  kind: 'up' | 'down' | 'ejected' | 'readmitted' | 'draining' | 'mode' | 'upstreams'
  upstream?: string
  detail?: string
}

/** `POST /pins {"node"}` on the proxy: the affinity cookie that leads to that node, as a `cookie` header's pair. */
export interface PinRequest {
  node: string
}
export interface PinAnswer {
  cookie: string
}

import type { TokenAlgorithm } from './keys.ts'
import type { LinkState } from './links.ts'
import type { ModeName } from './modes.ts'
import type { UserChangeAnswer } from './node-admin.ts'
import type { RenewalSetting } from './renewal.ts'
import type { StoreName } from './stores.ts'

/** `store`: what stands in Redis's place. */
export type PartKind = 'node' | 'proxy' | 'redis' | 'store' | 'control' | 'shop'
/** `stopped` covers killed, crashed and ended alike. */
export type PartCondition = 'starting' | 'ready' | 'paused' | 'draining' | 'stopped'

/** One part of a cluster as control knows it. */
export interface PartState {
  id: string
  kind: PartKind
  condition: PartCondition
  pid?: number
  url?: string
  adminUrl?: string
}

/** Answer of `GET /cluster` on control. */
export interface ClusterState {
  mode: ModeName
  generation: number
  /** True where a supervisor or Docker is there to kill and start parts. */
  canSignal: boolean
  parts: readonly PartState[]
  /** As `PUT /renewal` on control set it; absent: every node renews as it was started. */
  renewal?: RenewalSetting
  /** Every link, where they run through relays and so can be changed; absent where they do not. */
  links?: readonly LinkState[]
}

/** Body of `POST /keys/rotate` on control: a new signing key, the former ones kept for checking, or not. */
export interface RotateKeysRequest {
  /** True: no token that was made with an earlier key is accepted any more. */
  revokeOld?: boolean
}

/** Answer of `POST /keys/rotate` on control and of `PUT /keys` on a node: the keys in use, by name. */
export interface KeysAnswer {
  algorithm: TokenAlgorithm
  /** Signs. */
  currentKid: string
  /** All that are accepted. */
  kids: readonly string[]
}

/** Answer of `POST /nodes` on control: the node that was added, which takes traffic from now on. */
export interface AddedNode {
  id: string
}

/** Body of `PUT /mode` on control; answer `{mode, generation}`. */
export interface ModeRequest {
  mode: ModeName
}

/**
 * Answer of `POST /users/:id/{ban,role}` on control, with 200 when every running node did it and 503 when some did not
 * (`error` is then `not_everywhere`): asking again is harmless.
 */
export interface UserChangeReport {
  error?: 'not_everywhere'
  nodes: readonly { id: string; done: boolean; message?: string }[]
  /** What the nodes answered, where one did. */
  change?: UserChangeAnswer
}

/**
 * Body of `PUT /mode` on a node or on the proxy.
 * `prepare`: a node builds what the mode needs (connections, keys) and goes on in the old one; the proxy holds new
 * requests back (bounded in time and number). `commit`: from now on. `abort`: forget what was prepared.
 * Control prepares the nodes, then the proxy, commits the nodes, then the proxy: every request is answered by one
 * mode or by the other.
 */
export interface ModePhaseRequest {
  mode: ModeName
  generation: number
  phase: 'prepare' | 'commit' | 'abort'
}

/** `.stillin/cluster.json`, mode 0600: how other commands find the running cluster. Also the line of `stillin up --json`. */
export interface ClusterFile {
  proxy: { url: string; pid: number }
  control: { url: string; token: string }
  nodes: readonly { id: string; url: string; pid: number }[]
  redis?: { url: string; pid?: number }
  /** Where one was asked for. */
  shop?: { url: string; pid: number }
  /** What stands in Redis's place. Its address may hold a password and is not told. */
  store?: { name: StoreName; pid?: number }
}

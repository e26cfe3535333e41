import type { PartState } from '#contract/control.ts'
import type { ForwarderName } from '#contract/environment.ts'
import type { KeyRing, TokenAlgorithm, TokenVerifier } from '#contract/keys.ts'
import type { Renewal } from '#contract/renewal.ts'
import type { PartAction } from '#contract/supervision.ts'
import type { RedisServer } from '../redis/redis-server.ts'

/** One part of a cluster that somebody else started. */
export interface RemotePart extends PartState {
  readonly url: string
  readonly adminUrl: string
  /** Other names by which a person may call it. */
  readonly names: readonly string[]
}

export type RemoteAction = PartAction | 'stop'
/** `keys`: reading the keys that the nodes share. */
export type RemoteAct = RemoteAction | 'keys'

/** What such a cluster was started with: a result says so of what it was measured on. */
export interface RemoteSettings {
  readonly users: number
  readonly forwarder: ForwarderName
  readonly jwtAlgorithm: TokenAlgorithm
  readonly jwtVerifier: TokenVerifier
  readonly renewal: Renewal
}

/** How parts are found and signalled where no supervisor of ours holds them. */
export interface RemoteDriver {
  /** For people: `Compose project shop`. */
  readonly name: string
  readonly control: { readonly url: string; readonly token: string }
  readonly adminToken: string
  readonly proxy: { readonly url: string; readonly adminUrl: string }
  readonly redis: RedisServer | undefined
  readonly settings: RemoteSettings
  /** The keys that the nodes share. @throws StillinError where they cannot be read from here. */
  readRing(): Promise<KeyRing>
  /** Why this cannot be done from here, in words; undefined: it can be tried. */
  lacks(act: RemoteAct): string | undefined
  /** Every part, running or not. */
  look(): Promise<readonly RemotePart[]>
  /** Resolves when it has been obeyed. @throws StillinError where it cannot be. */
  signal(action: RemoteAction, part: RemotePart): Promise<void>
  /** Parts a node from `redis`, or from `proxy` and the other nodes; or joins it again. @throws StillinError */
  cut(part: RemotePart, to: string, cut: boolean): Promise<void>
}

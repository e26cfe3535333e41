import type { StoreInstead } from '#contract/stores.ts'
import type { DebianPackage } from '../redis/fetch-debian.ts'
import type { Probe } from '../redis/probe.ts'

/** What there is to know of a server that can be the central store. */
export interface KnownServer {
  readonly name: Extract<StoreInstead['name'], 'memcached' | 'postgres'>
  /** As people write it. */
  readonly title: string
  readonly program: string
  readonly package: DebianPackage
  /** Folders beyond the PATH where distributions put it; also below the root of an unpacked package. */
  folders(root: string): Promise<readonly string[]>
  /** The form of its address. */
  readonly shape: RegExp
  readonly example: string
  /** Asks what answers at an address; bounded by seconds. */
  probe(url: string): Promise<Probe>
  /** Makes what it needs in an empty folder of its own, and says how it is run there. */
  prepare(place: ServerPlace): Promise<ServerStart>
}

export interface ServerPlace {
  readonly file: string
  readonly folder: string
  readonly port: number
  readonly environment: Readonly<Record<string, string>>
  readonly user: { readonly uid: number; readonly gid: number } | undefined
  readonly signal: AbortSignal | undefined
}

export interface ServerStart {
  readonly args: readonly string[]
  readonly url: string
  readonly endSignal?: NodeJS.Signals
}

import type { ControlEnvironment, NodeEnvironment, ProxyEnvironment } from '#contract/environment.ts'
import { LAB } from '#contract/lab.ts'
import type { ModeName } from '#contract/modes.ts'
import type { RenewalSetting } from '#contract/renewal.ts'
import { type AddressPlan, localUrl, type PartAddress } from './address-plan.ts'
import type { ClusterOptions } from './cluster.ts'
import type { Links } from './links.ts'

/** What the parts of one cluster share. */
export interface SharedSettings {
  readonly adminToken: string
  readonly keysFile: string
  readonly directoryFile: string
  /** What the shop shows when it asks. */
  readonly shopSecret: string
  /** The relays between the parts, where there are any. */
  readonly links: Links | undefined
}

/** What was decided since the cluster began: a part which starts now starts in it. */
export interface PresentState {
  mode: ModeName
  generation: number
  /** Undefined: as the nodes were started. */
  renewal: RenewalSetting | undefined
  /** By node; absent: right. */
  readonly clockOffsetsMs: Map<string, number>
}

/** Names a type's members as plain text, as an environment has them. */
export type EnvironmentOf<Settings> = { [Name in keyof Settings]?: Settings[Name] | undefined }

/** What a node is told when it starts now. */
export function nodeEnvironment(
  options: ClusterOptions,
  shared: SharedSettings,
  { id, port, adminPort }: PartAddress,
  { nodes, shopPort }: AddressPlan,
  now: PresentState,
): EnvironmentOf<NodeEnvironment> {
  const reach = (to: string, url: string): string => shared.links?.reach(id, to, url) ?? url
  return {
    STILLIN_PORT: String(port),
    STILLIN_ADMIN_PORT: String(adminPort),
    STILLIN_ADMIN_TOKEN: shared.adminToken,
    STILLIN_MODE: now.mode,
    STILLIN_GENERATION: String(now.generation),
    STILLIN_KEYS_FILE: shared.keysFile,
    STILLIN_NODE_ID: id,
    STILLIN_DIRECTORY_FILE: shared.directoryFile,
    STILLIN_USERS: String(options.users ?? LAB.users),
    STILLIN_REDIS_URL: options.redis && reach('redis', options.redis.url),
    STILLIN_STORE: options.store?.store.name,
    STILLIN_STORE_URL: options.store && reach('store', options.store.store.url),
    STILLIN_PEERS: nodes.map((node) => `${node.id}=${reach(node.id, localUrl(node.adminPort))}`).join(','),
    STILLIN_SESSION_READER: options.sessionReader,
    STILLIN_JWT_VERIFIER: options.jwtVerifier,
    STILLIN_JWT_ENCRYPT: options.jwtEncrypt ? '1' : undefined,
    STILLIN_JWT_CACHE: text(options.jwtCache),
    STILLIN_LIFETIME_S: text(options.lifetimeS),
    STILLIN_MEMORY_MAX_SESSIONS: text(options.memory?.maxSessions),
    STILLIN_MEMORY_MAX_BYTES: text(options.memory?.maxBytes),
    STILLIN_MEMORY_FULL: options.memory?.whenFull,
    STILLIN_TRUSTED_PROXIES: '127.0.0.1',
    STILLIN_CLOCK: options.movableClocks ? 'movable' : undefined,
    STILLIN_CLOCK_OFFSET_MS: text(now.clockOffsetsMs.get(id)),
    STILLIN_RENEWAL_NOW: now.renewal?.renewal,
    STILLIN_REFRESH_NOW: now.renewal?.refresh,
    STILLIN_PLANT: options.plant,
    STILLIN_SHOP_ORIGIN: shopPort === undefined ? undefined : localUrl(shopPort),
    STILLIN_SHOP_SECRET: shopPort === undefined ? undefined : shared.shopSecret,
    ...options.nodeEnvironment,
  }
}

/** What the proxy is told when it starts now. */
export function proxyEnvironment(
  options: ClusterOptions,
  shared: SharedSettings,
  { port, adminPort }: PartAddress,
  nodes: readonly PartAddress[],
  now: PresentState,
): EnvironmentOf<ProxyEnvironment> {
  return {
    STILLIN_PORT: String(port),
    STILLIN_ADMIN_PORT: String(adminPort),
    STILLIN_ADMIN_TOKEN: shared.adminToken,
    STILLIN_MODE: now.mode,
    STILLIN_GENERATION: String(now.generation),
    STILLIN_KEYS_FILE: shared.keysFile,
    STILLIN_UPSTREAMS: nodes.map((node) => `${node.id}=${localUrl(node.port)}`).join(','),
    STILLIN_FORWARDER: options.forwarder,
  }
}

/** What control is told when it starts. */
export function controlEnvironment(
  options: ClusterOptions,
  shared: SharedSettings,
  port: number,
  token: string,
): EnvironmentOf<ControlEnvironment> {
  return {
    STILLIN_PORT: String(port),
    STILLIN_CONTROL_TOKEN: token,
    STILLIN_ADMIN_TOKEN: shared.adminToken,
    STILLIN_MODE: options.mode,
    STILLIN_KEYS_FILE: shared.keysFile,
  }
}

function text(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value)
}

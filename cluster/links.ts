import { EXIT, StillinError } from '#contract/errors.ts'
import {
  type CloseLinksMessage,
  HEALTHY_LINK,
  LINK_DELAY_MAX_MS,
  type LinkedMessage,
  type LinkMessage,
  type LinkRequest,
  type LinkState,
  type OpenLinksMessage,
  type RelayPlan,
} from '#contract/links.ts'
import { isServer, type StoreInstead } from '#contract/stores.ts'
import type { AddressPlan } from './address-plan.ts'
import { type Child, startChild } from './child.ts'
import type { ClusterOptions } from './cluster.ts'
import { entryPoint } from './entry-point.ts'
import { freePort } from './free-port.ts'
import type { ActRefusal } from './managed-part.ts'
import { relayedUrl } from './relayed-url.ts'

/** The relays of a cluster: one for each node's way to Redis, and one for each node's way to each other node. */
export interface Links extends AsyncDisposable {
  /** The same address, through the relay from that node; itself where no relay leads there. */
  reach(from: string, to: string, url: string): string
  states(): readonly LinkState[]
  /** Resolves when the condition holds. A refusal says that there is no such link, or which member is wrong. */
  set(from: string, to: string, request: LinkRequest): Promise<ActRefusal | undefined>
  /** Relays for a node that the plan has come to name: its way to Redis, and between it and each other one. */
  open(nodeId: string): Promise<ActRefusal | undefined>
  /** Ends the relays from and to a node. */
  close(nodeId: string): Promise<ActRefusal | undefined>
}

const ANSWER_MS = 5_000

/** Starts the relays in a process of their own, so that their CPU is nobody's. */
export async function startLinks(
  plan: AddressPlan,
  { redis, store, linkSeed = 1, signal }: ClusterOptions,
): Promise<Links> {
  const central = centralOf(redis?.url, store?.store)
  let relays = await planRelays(plan, central)
  const child = await startChild({
    entry: entryPoint('cluster/relay/main'),
    name: 'relays',
    env: { STILLIN_RELAYS: JSON.stringify(relays), STILLIN_SEED: String(linkSeed) },
    signal,
  })
  const find = (from: string, to: string) => relays.find((relay) => relay.from === from && relay.to === to)
  const conditions = new Map(relays.map((relay) => [relay, HEALTHY_LINK]))
  const tell = conversationWith(child)
  return {
    reach(from, to, url) {
      const relay = find(from, to)
      return relay === undefined ? url : relayedUrl(url, relay.port)
    },
    states: () => [...conditions].map(([{ from, to, port }, condition]) => ({ from, to, port, condition })),
    async set(from, to, request) {
      const relay = find(from, to)
      if (relay === undefined) return { status: 404, message: noSuchLink(from, to, relays) }
      const problem = problemOf(request)
      if (problem !== undefined) return { status: 400, message: problem }
      const condition = { ...HEALTHY_LINK, ...request }
      const refusal = await tell({ type: 'link', from, to, condition })
      if (refusal === undefined) conditions.set(relay, condition)
      return refusal
    },
    async open(nodeId) {
      const own = await planRelays(plan, central, nodeId)
      const refusal = await tell({ type: 'open', relays: own })
      if (refusal !== undefined) return refusal
      relays = [...relays, ...own]
      for (const relay of own) conditions.set(relay, HEALTHY_LINK)
      return undefined
    },
    close(nodeId) {
      const gone = relays.filter(({ from, to }) => from === nodeId || to === nodeId)
      for (const relay of gone) conditions.delete(relay)
      relays = relays.filter((relay) => !gone.includes(relay))
      return tell({ type: 'close', part: nodeId })
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  }
}

/** @param only those from and to this node. */
async function planRelays(
  plan: AddressPlan,
  central: Central | undefined,
  only?: string,
): Promise<RelayPlan[]> {
  const relays: RelayPlan[] = []
  const isWanted = (id: string): boolean => only === undefined || id === only
  for (const { id: from } of plan.nodes) {
    if (central !== undefined && isWanted(from)) relays.push({ from, port: await freePort(), ...central })
    for (const { id: to, adminPort } of plan.nodes) {
      if (to === from || !(isWanted(from) || isWanted(to))) continue
      relays.push({ from, to, port: await freePort(), target: { host: '127.0.0.1', port: adminPort } })
    }
  }
  return relays
}

type Central = Pick<RelayPlan, 'to' | 'target'>

/** The central store as links know it; undefined where it is no server. */
function centralOf(redisUrl: string | undefined, store: StoreInstead | undefined): Central | undefined {
  if (store !== undefined && isServer(store.name)) {
    const { hostname, port } = new URL(store.url)
    return { to: 'store', target: { host: hostname, port: Number(port || 5432) } }
  }
  return redisUrl === undefined ? undefined : { to: 'redis', target: redisTarget(redisUrl) }
}

/** Is the store behind TLS? Its certificate would not name the relay. */
export function isBehindTls({ redis, store }: Pick<ClusterOptions, 'redis' | 'store'>): boolean {
  if (redis !== undefined && new URL(redis.url).protocol !== 'redis:') return true
  if (store === undefined || !isServer(store.store.name)) return false
  const { searchParams } = new URL(store.store.url)
  return searchParams.has('ssl') || (searchParams.get('sslmode') ?? 'disable') !== 'disable'
}

/** @throws StillinError for a Redis behind TLS. */
function redisTarget(redisUrl: string): RelayPlan['target'] {
  const { protocol, hostname, port } = new URL(redisUrl)
  if (protocol === 'redis:') return { host: hostname, port: Number(port || 6379) }
  throw new StillinError('links to Redis cannot be relayed over TLS (rediss:)', {
    exitCode: EXIT.usage,
    hint: 'Use a Redis that is reached by redis://, or no faults and delays of links.',
  })
}

function noSuchLink(from: string, to: string, relays: readonly RelayPlan[]): string {
  const known = relays.filter((relay) => relay.from === from).map((relay) => relay.to)
  if (known.length > 0) return `there is no link from ${from} to ${to}; from there to ${known.join(', ')}`
  const sources = [...new Set(relays.map((relay) => relay.from))]
  return `there is no link from ${from}; links run from ${sources.join(', ')}`
}

function problemOf({ delayMs = 0, jitterMs = 0 }: LinkRequest): string | undefined {
  for (const [name, value] of Object.entries({ delayMs, jitterMs })) {
    if (!(value >= 0 && value <= LINK_DELAY_MAX_MS))
      return `${name}: must be from 0 to ${LINK_DELAY_MAX_MS}, in ms`
  }
  return undefined
}

type Untold =
  | Omit<LinkMessage, 'requestId'>
  | Omit<OpenLinksMessage, 'requestId'>
  | Omit<CloseLinksMessage, 'requestId'>

/** Messages to the relays' process, each answered or given up. */
function conversationWith(child: Child) {
  let lastId = 0
  const waiting = new Map<number, () => void>()
  child.onMessage((raw) => {
    const message = raw as LinkedMessage
    if (message.type === 'linked') waiting.get(message.requestId)?.()
  })
  return (message: Untold): Promise<ActRefusal | undefined> => {
    lastId += 1
    const requestId = lastId
    const { promise, resolve } = Promise.withResolvers<ActRefusal | undefined>()
    const late = (): void =>
      resolve({ status: 500, message: `the relays did not answer within ${ANSWER_MS} ms` })
    const timer = setTimeout(late, ANSWER_MS)
    waiting.set(requestId, () => resolve(undefined))
    child.send({ ...message, requestId })
    return promise.finally(() => {
      clearTimeout(timer)
      waiting.delete(requestId)
    })
  }
}

import type { LoadClient, MixedRequest } from '#bench/load/plan.ts'
import { labUserId } from '#contract/lab.ts'
import { type ArmName, armName, MODES, type Mode, type ModeName } from '#contract/modes.ts'
import type { Credential } from '#contract/node-admin.ts'
import type { RenewalSetting } from '#contract/renewal.ts'
import type { SelfCheck } from '#contract/result.ts'
import { type RequestTemplate, stillinTarget, type Target } from '#contract/target.ts'
import type { Lab } from '../lab/lab.ts'
import { type SeededLogin, seedEverywhere, seedOnNode } from '../lab/seeding.ts'
import { payloadOf } from '../payload/payload.ts'
import type { BenchSettings } from './bench-settings.ts'
import { checkCanaries } from './canaries.ts'
import { mixedRequests } from './mixed-requests.ts'

/** Clients and the addresses they go to. */
export interface Route {
  urls: readonly string[]
  clients: readonly LoadClient[]
}

/** An arm of the comparison, ready to be visited: who sends what to whom. */
export interface Arm {
  name: ArmName
  /** The cluster's mode while it is measured; the baseline is always asked in the same one, whose code is then warm. */
  mode: ModeName
  /** How the nodes are told to renew before it is measured; undefined: as they were started. */
  renewal: RenewalSetting | undefined
  request: RequestTemplate
  userMember: string | undefined
  /** What the open loop sends instead; undefined: `request` alone. */
  mixed: readonly MixedRequest[] | undefined
  /** Whose answers the open loop takes up, since they hand out what is to be presented next; undefined: none do. */
  takeUp: { target: Target } | undefined
  /** One node, asked by users that it knows itself: where the node's own cost is measured. */
  saturated: Route
  /** The entrance, by users spread over all nodes: where users' latency is measured. */
  entrance: Route
  /** Every node, asked by users that it knows itself: connection i belongs to node i mod n. For warming up. */
  homes: Route
  /** When its logins were made, ms on the clock of `performance.now`. */
  loggedInAtMs: number
  lifetimeS: number
}

/**
 * Should the logins of this arm be made anew before they are measured again? At half their lifetime: an expiry within a
 * window would be measured as a cheap refusal. What a renewal hands out is taken up by the open loop alone.
 */
export function isAgeing(arm: Arm, nowMs: number): boolean {
  return arm.name !== 'baseline' && nowMs - arm.loggedInAtMs > (arm.lifetimeS * 1000) / 2
}

/** Puts the cluster into the mode of an arm, and its nodes into its way of renewal. */
export async function enterArm({ cluster }: Lab, arm: Pick<Arm, 'mode' | 'renewal'>): Promise<void> {
  await cluster.setMode(arm.mode)
  if (arm.renewal !== undefined) await cluster.renewBy(arm.renewal)
}

/** What the logins and requests of an arm depend on. */
export type ArmSettings = Pick<BenchSettings, 'via' | 'connections' | 'payloadBytes' | 'mix'> & {
  users: number
}

/** The users of the entrance go on with what they held when a window ended. */
export function goOnWith(arm: Arm, held: readonly Credential[] | undefined): void {
  if (held === undefined) return
  const clients = arm.entrance.clients.map((client, user) => ({ ...client, ...held[user] }))
  arm.entrance = { ...arm.entrance, clients }
}

/** Makes the logins of one mode. Leaves the cluster in that mode. */
export async function prepareArm(
  lab: Lab,
  modeName: ModeName,
  settings: ArmSettings,
  renewal?: RenewalSetting,
): Promise<{ arm: Arm; canaries: SelfCheck }> {
  const { cluster } = lab
  const mode = MODES[modeName]
  await enterArm(lab, { mode: modeName, renewal })
  const way = renewal?.renewal ?? lab.renewal
  const target = stillinTarget(mode, cluster.proxy.url, cluster.nodes(), way)
  const [node] = cluster.nodes()
  if (!node) throw new Error('a cluster without nodes cannot be measured')
  const { mix, payloadBytes = 0 } = settings
  const data = payloadOf(payloadBytes)
  const atNode = await seedOnNode(cluster, node, userIds(settings.connections, lab.users), undefined, data)
  const everywhere = await seedEverywhere(cluster, mode, userIds(settings.users, lab.users), undefined, data)
  const [first, second] = atNode
  if (!first || !second) throw new Error('at least two connections are needed')
  const arm: Arm = {
    name: armName(modeName, way),
    mode: modeName,
    renewal,
    request: target.requests.lookup,
    userMember: target.userMember,
    mixed: mix && mixedRequests(mix, target, mode, payloadBytes),
    // Writes and refreshes hand out as well; where none do, nothing is spent on looking.
    takeUp: way === 'rolling' || mix ? { target } : undefined,
    saturated: { urls: [node.url], clients: clientsOf(atNode, mode, true) },
    entrance: { urls: entranceUrls(lab, settings.via), clients: clientsOf(everywhere, mode, false) },
    homes: { urls: entranceUrls(lab, 'nodes'), clients: clientsOf(everywhere, mode, true) },
    loggedInAtMs: performance.now(),
    lifetimeS: Number(lab.options.nodeEnvironment?.STILLIN_LIFETIME_S ?? mode.accessS),
  }
  const canaries = await checkCanaries(target, mode, node.url, [first.credential, second.credential])
  return { arm, canaries }
}

/** The same route without any check; it needs no logins. */
export function baselineArm(lab: Lab, mode: ModeName, via: 'proxy' | 'nodes', renewal?: RenewalSetting): Arm {
  const { cluster } = lab
  const target = stillinTarget(MODES[mode], cluster.proxy.url, cluster.nodes())
  const request = target.requests.baseline
  const [node] = cluster.nodes()
  if (!request || !node) throw new Error('the target has no baseline')
  const nobody: LoadClient = { userId: '', headers: {}, expectation: 'accept' }
  return {
    name: 'baseline',
    mode,
    renewal,
    request,
    userMember: undefined,
    mixed: undefined,
    takeUp: undefined,
    saturated: { urls: [node.url], clients: [nobody] },
    entrance: { urls: entranceUrls(lab, via), clients: [nobody] },
    homes: { urls: entranceUrls(lab, 'nodes'), clients: [nobody] },
    loggedInAtMs: performance.now(),
    lifetimeS: Number.POSITIVE_INFINITY,
  }
}

/** One login for each connection; where there are fewer people than connections, some log in more than once. */
function userIds(count: number, existing: number): string[] {
  return Array.from({ length: count }, (_, index) => labUserId(index % existing))
}

function entranceUrls(lab: Lab, via: 'proxy' | 'nodes'): readonly string[] {
  return via === 'proxy' ? [lab.cluster.proxy.url] : lab.cluster.nodes().map((node) => node.url)
}

/** At its own node a login is accepted; elsewhere the mode's table says. */
function clientsOf(logins: readonly SeededLogin[], mode: Mode, atOwnNode: boolean): LoadClient[] {
  return logins.map(({ credential }) => ({
    ...credential,
    expectation: atOwnNode ? 'accept' : mode.expected.lookup.live,
  }))
}

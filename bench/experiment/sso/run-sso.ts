import { setTimeout as delay } from 'node:timers/promises'
import type { RunningCluster } from '#cluster/cluster.ts'
import { StillinError } from '#contract/errors.ts'
import type { TokenAlgorithm } from '#contract/keys.ts'
import { labUserId } from '#contract/lab.ts'
import { MODES, type Mode, type ModeName, usesCookies } from '#contract/modes.ts'
import { KEYS_COOLDOWN_MS } from '#contract/shop.ts'
import type { ShopRotation, SsoDemo, SsoStep } from '#contract/sso.ts'
import { stillinTarget, type Target } from '#contract/target.ts'
import { whenWhole } from '../failures/when-whole.ts'
import { askAdmin } from '../lab/admin-client.ts'
import { type LabOptions, openClusterLab } from '../lab/lab.ts'
import type { Progress } from '../progress.ts'
import { type Said, type ShopVisitor, sendForged, shopFetches, visitShop } from './shop-visitor.ts'
import { ssoSentence } from './sso-sentence.ts'

const FORGED = 20
/** A shop that has just fetched keys fetches them again after this, and a moment for the rest. */
const PICKED_UP_MAX_MS = KEYS_COOLDOWN_MS + 3_000
const POLL_MS = 50
const NODE_MEMORY_LEFT_OUT =
  'local, sticky and replicated: left out, because a login that lives in the nodes is gone when all of them are.'

/** Takes a login to a second service in every mode that can run here; each is handed over as it is done. */
export async function runSso(
  options: LabOptions,
  onMode: (demo: SsoDemo) => void,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ leftOut: readonly string[] }> {
  const modes = options.modes.filter((mode) => !['node-memory', 'every-node'].includes(MODES[mode].store))
  const leftOut = modes.length < options.modes.length ? [NODE_MEMORY_LEFT_OUT] : []
  if (modes.length === 0) return { leftOut }
  await using lab = await openClusterLab({ ...options, modes, shop: true }, progress, signal)
  for (const [index, mode] of lab.modes.entries()) {
    signal.throwIfAborted()
    progress.update(`${mode}: to the shop and back`)
    const users = [labUserId(2 * index), labUserId(2 * index + 1)] as const
    onMode(await takeOver(lab.cluster, mode, options.jwtAlgorithm, users, signal))
  }
  return { leftOut: [...leftOut, ...lab.leftOut] }
}

async function takeOver(
  cluster: RunningCluster,
  modeName: ModeName,
  algorithm: TokenAlgorithm,
  users: readonly [string, string],
  signal: AbortSignal,
): Promise<SsoDemo> {
  const shopUrl = cluster.shop?.url
  if (shopUrl === undefined) throw new StillinError('the cluster was started without a shop')
  await cluster.setMode(modeName)
  const mode = MODES[modeName]
  const target = stillinTarget(mode, cluster.proxy.url, cluster.nodes())
  const first = await visitShop(target, mode, shopUrl, users[0])
  const { step: login, check } = await ask('login', first, signal)
  const nodes = cluster.nodes().map(({ id }) => id)
  await Promise.all(nodes.map((id) => cluster.kill(id)))
  const { step: dead } = await ask('auth-dead', first, signal)
  await Promise.all(nodes.map((id) => cluster.start(id)))
  await whenWhole(cluster, signal)

  const steps = [login, dead]
  const rotation =
    check === 'offline' ? await rotate(cluster, target, mode, shopUrl, users[1], signal) : undefined
  const second = rotation?.visitor ?? (await visitShop(target, mode, shopUrl, users[1]))
  if (rotation) steps.push((await ask('new-key', second, signal)).step)
  await second.logOut()
  await whenRevoked(second, mode, signal)
  steps.push((await ask('logout', second, signal)).step)
  const seen = {
    mode: modeName,
    summary: mode.summary,
    ...(usesCookies(mode) ? {} : { algorithm }),
    check,
    ...(first.code === undefined ? {} : { code: first.code }),
    steps,
    ...(rotation === undefined ? {} : { rotation: rotation.seen }),
  } as const
  return { ...seen, sentence: ssoSentence(seen) }
}

async function ask(name: SsoStep['name'], visitor: ShopVisitor, signal: AbortSignal) {
  const [auth, shop] = [await visitor.askAuth(), await whenShopCanTell(visitor, signal, name === 'auth-dead')]
  const step: SsoStep = { name, auth: auth.answer, shop: shop.answer }
  return { step, check: shop.check === 'offline' ? ('offline' as const) : ('asked' as const) }
}

/** A shop that has just looked for keys looks again in a moment; what it says while auth is dead is taken as it is. */
async function whenShopCanTell(visitor: ShopVisitor, signal: AbortSignal, atOnce: boolean): Promise<Said> {
  const deadlineMs = performance.now() + PICKED_UP_MAX_MS
  for (;;) {
    const said = await visitor.askShop()
    if (said.answer !== 'cannot-tell' || atOnce || performance.now() > deadlineMs) return said
    await delay(POLL_MS, undefined, { signal })
  }
}

/** A new key, a login under it, and then tokens under keys that nobody has. */
async function rotate(
  cluster: RunningCluster,
  target: Target,
  mode: Mode,
  shopUrl: string,
  user: string,
  signal: AbortSignal,
): Promise<{ visitor: ShopVisitor; seen: ShopRotation }> {
  const { url, token } = cluster.control
  const { algorithm } = await askAdmin<{ algorithm: string }>(url, token, 'POST', '/keys/rotate', {})
  const before = await shopFetches(shopUrl)
  const visitor = await visitShop(target, mode, shopUrl, user)
  const beganMs = performance.now()
  await whenShopCanTell(visitor, signal, false)
  const pickedUpMs = performance.now() - beganMs
  const after = await shopFetches(shopUrl)
  const accepted = await sendForged(shopUrl, FORGED, algorithm)
  const forged = { sent: FORGED, accepted, fetches: (await shopFetches(shopUrl)) - after }
  return { visitor, seen: { pickedUpMs, fetches: after - before, forged } }
}

/** Where a revocation takes hold within a bound, until auth has refused or the bound has passed. */
async function whenRevoked(visitor: ShopVisitor, mode: Mode, signal: AbortSignal): Promise<void> {
  const { one } = mode.revokes
  if (one !== 'within-bound' && one !== 'after-replication') return
  const deadlineMs = performance.now() + (mode.boundMs ?? 0)
  while (performance.now() < deadlineMs && (await visitor.askAuth()).answer === 'in')
    await delay(POLL_MS, undefined, { signal })
}

import { setTimeout as delay } from 'node:timers/promises'
import { sendOnce } from '#bench/load/send.ts'
import { createClient } from '#bench/workload/client.ts'
import { claimsOf } from '#bench/workload/payload-look.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { StillinError } from '#contract/errors.ts'
import { LAB, labUserId } from '#contract/lab.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { Credential } from '#contract/node-admin.ts'
import type { PayloadDemo, PayloadRow } from '#contract/payload.ts'
import { stillinTarget, type Target } from '#contract/target.ts'
import { ask } from '../costs/survey.ts'
import { type LabOptions, openClusterLab } from '../lab/lab.ts'
import { seedEverywhere } from '../lab/seeding.ts'
import type { Progress } from '../progress.ts'
import { PAYLOAD_CLIENT_LIST, type PayloadClient } from './clients.ts'
import { payloadSentence } from './payload-sentence.ts'
import { tryPhase } from './try-phase.ts'

const WANTED = 10
/** The shortest life that a credential can have, and when it must be over at every node. */
const SHORT_S = 1
const OVER_MAX_MS = 5_000
const POLL_MS = 100
const TIMEOUT_MS = 3_000
const LOCAL_LEFT_OUT =
  'local: left out, because behind round robin it refuses by chance; sticky is the same with an affinity cookie.'

/** Lets clients look, or not, in every mode that can run here; each is handed over as it is done. */
export async function runPayload(
  options: LabOptions,
  onMode: (demo: PayloadDemo) => void,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ leftOut: readonly string[] }> {
  const { modes, leftOut } = showable(options.modes)
  if (modes.length === 0) return { leftOut }
  await using lab = await openClusterLab({ ...options, modes }, progress, signal)
  for (const [index, mode] of lab.modes.entries()) {
    signal.throwIfAborted()
    progress.update(`${mode}: clients that look and clients that do not`)
    onMode(await lookAt(lab.cluster, mode, labUserId(index + 1), signal))
  }
  return { leftOut: [...leftOut, ...lab.leftOut] }
}

/** The modes in which a credential is good until its end and refused after it, and why the others are left out. */
function showable(asked: readonly ModeName[]): { modes: readonly ModeName[]; leftOut: readonly string[] } {
  const endless = asked.filter((mode) => MODES[mode].expected.lookup.expired !== 'refuse')
  return {
    modes: asked.filter((mode) => mode !== 'local' && !endless.includes(mode)),
    leftOut: [
      ...(asked.includes('local') ? [LOCAL_LEFT_OUT] : []),
      ...endless.map((mode) => `${mode}: left out, because its logins do not end while they are used.`),
    ],
  }
}

async function lookAt(
  cluster: RunningCluster,
  modeName: ModeName,
  user: string,
  signal: AbortSignal,
): Promise<PayloadDemo> {
  await cluster.setMode(modeName)
  const mode = MODES[modeName]
  const target = stillinTarget(mode, cluster.proxy.url, cluster.nodes())
  const good = await logIn(target, user)
  const [short] = await seedEverywhere(cluster, mode, [user], SHORT_S)
  if (short === undefined) throw new StillinError('no node made a short login')
  const readable = claimsOf(good) !== undefined
  // Where nothing can be read, to look, to alter and to have a wrong clock come to the same as not to look.
  const clients = PAYLOAD_CLIENT_LIST.filter(({ name }) => readable || ['blind', 'logged-out'].includes(name))
  const rows: PayloadRow[] = []
  for (const client of clients)
    rows.push(
      client.name === 'logged-out'
        ? await afterLogout(cluster, target, client, user)
        : { client: client.name, good: await tryPhase(cluster, target, client, good, WANTED) },
    )
  const over = await whenOver(target, short.credential, signal)
  for (const [at, client] of clients.entries()) {
    const row = rows[at]
    if (row === undefined || client.name === 'logged-out') continue
    rows[at] = { ...row, over: await tryPhase(cluster, target, client, over, WANTED) }
  }
  const seen = { mode: modeName, summary: mode.summary, readable, rows }
  return { ...seen, sentence: payloadSentence(seen) }
}

async function afterLogout(
  cluster: RunningCluster,
  target: Target,
  client: PayloadClient,
  user: string,
): Promise<PayloadRow> {
  const credential = await logIn(target, user, 'and out')
  const boundMs = MODES[cluster.state().mode].boundMs ?? 0
  // Where a logout takes hold within a bound, that is not what is shown here.
  if (boundMs > 0) await delay(boundMs)
  return { client: client.name, good: await tryPhase(cluster, target, client, credential, WANTED) }
}

/** @returns what the login left the client with; after a logout too, as a client that kept a copy. */
async function logIn(target: Target, user: string, andOut?: 'and out'): Promise<Credential> {
  const client = createClient(target, user, LAB.password)
  for (const operation of andOut ? (['login', 'logout'] as const) : (['login'] as const)) {
    const request = client.request(operation)
    if (!request) throw new StillinError(`the target ${target.name} offers no ${operation}`)
    const answer = await sendOnce(target.url, request, { timeoutMs: TIMEOUT_MS })
    if (answer.kind !== 'answer' || answer.status >= 300)
      throw new StillinError(`the ${operation} of ${user} failed: ${JSON.stringify(answer)}`)
    if (operation === 'login') client.absorb(answer.setCookies, answer.body, answer.headers)
  }
  return client.credential()
}

/** Resolves when every node calls it over. */
async function whenOver(target: Target, credential: Credential, signal: AbortSignal): Promise<Credential> {
  const deadlineMs = performance.now() + OVER_MAX_MS
  for (;;) {
    const opinions = await Promise.all(target.nodes.map(({ url }) => ask(target, url, credential)))
    if (opinions.every((opinion) => opinion === 'out')) return credential
    if (performance.now() > deadlineMs)
      throw new StillinError(`a login of ${SHORT_S} s is accepted after ${OVER_MAX_MS} ms`)
    await delay(POLL_MS, undefined, { signal })
  }
}

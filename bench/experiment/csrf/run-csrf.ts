import { sendOnce } from '#bench/load/send.ts'
import { createClient, type VirtualClient } from '#bench/workload/client.ts'
import type { SameSite } from '#bench/workload/forged-request.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import type { CsrfDemo, ForgeryTable } from '#contract/csrf.ts'
import { StillinError } from '#contract/errors.ts'
import { COOKIES } from '#contract/headers.ts'
import { LAB, labUserId } from '#contract/lab.ts'
import { MODES, type ModeName, usesCookies } from '#contract/modes.ts'
import { stillinTarget, type Target } from '#contract/target.ts'
import { ask } from '../costs/survey.ts'
import { type LabOptions, openClusterLab } from '../lab/lab.ts'
import type { Progress } from '../progress.ts'
import { csrfSentence } from './csrf-sentence.ts'
import { forgeAll } from './forge.ts'

const TIMEOUT_MS = 3_000
const LOCAL_LEFT_OUT =
  'local: left out, because behind round robin it refuses by chance; sticky is the same with an affinity cookie.'

/** Attacks a victim of every mode that can run here; each is handed over as it is done. */
export async function runCsrf(
  options: LabOptions,
  onMode: (demo: CsrfDemo) => void,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ leftOut: readonly string[] }> {
  const modes = options.modes.filter((mode) => mode !== 'local')
  const local = modes.length < options.modes.length ? [LOCAL_LEFT_OUT] : []
  if (modes.length === 0) return { leftOut: local }
  const nodeEnvironment = { ...options.nodeEnvironment, STILLIN_UNPROTECTED_ROUTE: '1' } as const
  await using lab = await openClusterLab({ ...options, modes, nodeEnvironment }, progress, signal)
  for (const [index, mode] of lab.modes.entries()) {
    signal.throwIfAborted()
    progress.update(`${mode}: forged requests`)
    onMode(await attack(lab.cluster, mode, labUserId(index)))
  }
  return { leftOut: [...local, ...lab.leftOut] }
}

async function attack(cluster: RunningCluster, modeName: ModeName, user: string): Promise<CsrfDemo> {
  await cluster.setMode(modeName)
  const mode = MODES[modeName]
  const target = stillinTarget(mode, cluster.proxy.url, cluster.nodes())
  const client = createClient(target, user, LAB.password)
  const sameSite = await logIn(target, client)
  const credential = client.credential()
  const tables: ForgeryTable[] = []
  if (usesCookies(mode)) {
    const { cookie } = credential.headers
    if (cookie === undefined) throw new StillinError(`the login of ${user} set no cookie`)
    const victim = { userId: user, cookie }
    tables.push({ cookie: 'as-set', sameSite, rows: await forgeAll(target.url, { ...victim, sameSite }) })
    const careless = { ...victim, sameSite: 'None' } as const
    tables.push({ cookie: 'as-if', sameSite: 'None', rows: await forgeAll(target.url, careless) })
  } else {
    const victim = { userId: user, cookie: undefined, sameSite }
    tables.push({ cookie: 'none', rows: await forgeAll(target.url, victim) })
  }
  const victimStillIn = (await ask(target, target.url, credential)) === 'in'
  const seen = { mode: modeName, summary: mode.summary, tables, victimStillIn }
  return { ...seen, sentence: csrfSentence(seen) }
}

/** @returns the SameSite attribute that the login's cookie came with; a browser takes a missing one for Lax. */
async function logIn(target: Target, client: VirtualClient): Promise<SameSite> {
  const request = client.request('login')
  if (!request) throw new StillinError(`the target ${target.name} offers no login`)
  const answer = await sendOnce(target.url, request, { timeoutMs: TIMEOUT_MS })
  if (answer.kind !== 'answer' || answer.status !== 200)
    throw new StillinError(`the login of ${client.userId} failed: ${JSON.stringify(answer)}`)
  client.absorb(answer.setCookies, answer.body)
  const line = answer.setCookies.find((text) => text.includes(`${COOKIES.session}=`)) ?? ''
  const attribute = /;\s*samesite=(strict|lax|none)/i.exec(line)?.[1]?.toLowerCase()
  return attribute === 'strict' ? 'Strict' : attribute === 'none' ? 'None' : 'Lax'
}

import { sendOnce } from '#bench/load/send.ts'
import { createClient, type VirtualClient } from '#bench/workload/client.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import type { DemoClient, DemoMode, DemoStep } from '#contract/demo.ts'
import { StillinError } from '#contract/errors.ts'
import { HEADERS } from '#contract/headers.ts'
import { LAB } from '#contract/lab.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { Renewal } from '#contract/renewal.ts'
import { summaryOf } from '#contract/stores.ts'
import { stillinTarget, type Target } from '#contract/target.ts'
import { ask, askWho } from '../costs/survey.ts'
import { demoSentence } from './demo-sentence.ts'

/** How often a user asks through the proxy at each step: enough for round robin to visit every node. */
const ASKED_VIA_PROXY = 6
const TIMEOUT_MS = 3_000

/**
 * Logs one user in, asks every node; kills the node that answered the login, asks again; starts it again, logs the
 * user out, and asks every node once more. The cluster is whole afterwards.
 * @param keeps whether the client keeps the cookies that it is given.
 */
export async function demonstrate(
  cluster: RunningCluster,
  modeName: ModeName,
  user: string,
  renewal: Renewal,
  keeps: DemoClient = 'cookies',
): Promise<DemoMode> {
  await cluster.setMode(modeName)
  const mode = MODES[modeName]
  const store = cluster.store?.store.name ?? 'redis'
  const whole = stillinTarget(mode, cluster.proxy.url, cluster.nodes(), renewal)
  const target = keeps === 'cookies' ? whole : withoutCookies(whole)
  const client = createClient(target, user, LAB.password)
  const loginNode = await logIn(target, client)
  const login = await askEverywhere(target, client, 'login')
  await cluster.kill(loginNode)
  const crash = await askEverywhere(target, client, 'crash')
  await cluster.start(loginNode)
  const { status: logoutStatus, declared } = await logOut(target, client)
  const logout = await askEverywhere(target, client, 'logout')
  const seen = {
    mode: modeName,
    summary: summaryOf(modeName, store),
    ...(modeName === 'redis' && store !== 'redis' ? { store } : {}),
    ...(keeps === 'no-cookies' && { client: keeps }),
    loginNode,
    logoutStatus,
    declared,
    steps: [login, crash, logout],
  }
  return { ...seen, sentence: demoSentence(seen) }
}

/** Names no cookie to keep. */
function withoutCookies(target: Target): Target {
  return { ...target, credential: { ...target.credential, cookies: [] } }
}

async function logIn(target: Target, client: VirtualClient): Promise<string> {
  const answer = await send(target, client, 'login')
  if (answer.kind !== 'answer' || answer.status !== 200) {
    throw new StillinError(`the login of ${client.userId} failed: ${JSON.stringify(answer)}`)
  }
  client.absorb(answer.setCookies, answer.body, answer.headers)
  return String(answer.headers[HEADERS.servedBy] ?? '')
}

/** The credential is kept as it was: an attacker who copied it would not throw it away at logout. */
async function logOut(target: Target, client: VirtualClient): Promise<{ status: number; declared: string }> {
  const answer = await send(target, client, 'logout')
  if (answer.kind !== 'answer') return { status: 0, declared: '' }
  return { status: answer.status, declared: String(answer.headers[HEADERS.revocation] ?? '') }
}

function send(target: Target, client: VirtualClient, operation: 'login' | 'logout') {
  const request = client.request(operation)
  if (!request) throw new StillinError(`the target ${target.name} offers no ${operation}`)
  return sendOnce(target.url, request, { timeoutMs: TIMEOUT_MS })
}

async function askEverywhere(
  target: Target,
  client: VirtualClient,
  name: DemoStep['name'],
): Promise<DemoStep> {
  const credential = client.credential()
  const nodes = await Promise.all(
    target.nodes.map(async ({ id, url }) => ({ id, answer: await ask(target, url, credential) })),
  )
  let accepted = 0
  const answering = new Set<string>()
  for (let asked = 0; asked < ASKED_VIA_PROXY; asked += 1) {
    const { opinion, servedBy } = await askWho(target, target.url, credential)
    if (opinion === 'in') accepted += 1
    answering.add(servedBy)
  }
  return { name, nodes, viaProxy: { asked: ASKED_VIA_PROXY, accepted, nodes: answering.size } }
}

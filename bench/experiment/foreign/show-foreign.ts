import { sendOnce } from '#bench/load/send.ts'
import { type ForeignCluster, foreignCluster } from '#cluster/attach/foreign-cluster.ts'
import type { DemoStep } from '#contract/demo.ts'
import type { ForeignDemo, ForeignService } from '#contract/foreign.ts'
import type { Credential } from '#contract/node-admin.ts'
import { renderRequest, type Target } from '#contract/target.ts'
import { ask } from '../costs/survey.ts'
import type { Progress } from '../progress.ts'
import { foreignDemoSentence } from './foreign-sentences.ts'
import { signInMany } from './sign-in.ts'
import { ASKED_VIA_ENTRANCE, countIn, demandTelling } from './still-in.ts'

const TIMEOUT_MS = 5_000

/** Logs in, kills the node that answered, logs out; each time every node is asked. What the file does not allow is left out, and said. */
export async function showForeign(
  service: ForeignService,
  progress: Progress,
  signal: AbortSignal,
): Promise<ForeignDemo> {
  const { name, target } = service
  const cluster = foreignCluster(service)
  const leftOut: string[] = []
  progress.update(`${name}: log in`)
  const [person] = await signInMany(service, 1, 0, signal)
  if (person === undefined) throw new Error('a login was lost')
  const { credential, servedBy } = person
  await demandTelling(target, credential)
  const login = await askEverywhere(target, credential, 'login')
  const steps = [login]
  const lacking = cluster.lacks('kill')
  const victim = lacking === undefined ? chooseVictim(cluster, login, servedBy) : undefined
  if (lacking !== undefined) leftOut.push(`the kill of a node: ${lacking}.`)
  else if (victim) {
    progress.update(`${name}: kill ${victim.id}`)
    steps.push(await askWhileDead(cluster, victim.id, target, credential))
  }
  signal.throwIfAborted()
  // A login that the kill has ended could not show whether a logout holds.
  const isGone = isIn(login) && !isIn(steps.at(-1) ?? login)
  const [again] = isGone ? await signInMany(service, 1, 0, signal) : []
  const held = again?.credential ?? credential
  const logoutStatus = await logOut(target, held)
  if (logoutStatus === undefined) leftOut.push('the logout: its file has no /requests/logout.')
  else steps.push(await askEverywhere(target, held, 'logout'))
  if (target.nodes.length === 0) leftOut.push('nodes one by one: its file gives them no addresses.')
  const seen = {
    service: name,
    ...(victim && { victim: victim.id, victimChosenBy: victim.by }),
    ...(logoutStatus === undefined ? {} : { logoutStatus, ...(again && { loggedInAgain: true as const }) }),
    steps,
    leftOut,
  }
  return { ...seen, sentence: foreignDemoSentence(seen) }
}

function isIn({ nodes, viaProxy }: DemoStep): boolean {
  return viaProxy.accepted > 0 || nodes.some(({ answer }) => answer === 'in')
}

/** The node that answered the login, where it names itself; else the only one that knows it; else the first. */
function chooseVictim(
  cluster: ForeignCluster,
  login: DemoStep,
  servedBy: string,
): { id: string; by: NonNullable<ForeignDemo['victimChosenBy']> } {
  const ids = cluster.nodes().map(({ id }) => id)
  if (ids.includes(servedBy)) return { id: servedBy, by: 'answer' }
  const knowing = login.nodes.filter(({ answer }) => answer === 'in').map(({ id }) => id)
  if (knowing.length === 1) return { id: String(knowing[0]), by: 'only-holder' }
  return { id: String(ids[0]), by: 'first' }
}

/** The node is started again whatever happens. */
async function askWhileDead(
  cluster: ForeignCluster,
  id: string,
  target: Target,
  credential: Credential,
): Promise<DemoStep> {
  await cluster.kill(id)
  try {
    return await askEverywhere(target, credential, 'crash')
  } finally {
    await cluster.start(id)
  }
}

async function askEverywhere(
  target: Target,
  credential: Credential,
  name: DemoStep['name'],
): Promise<DemoStep> {
  const nodes = await Promise.all(
    target.nodes.map(async ({ id, url }) => ({ id, answer: await ask(target, url, credential) })),
  )
  return { name, nodes, viaProxy: { asked: ASKED_VIA_ENTRANCE, accepted: await countIn(target, credential) } }
}

/** The credential is kept as it was: who copied it would not throw it away. 0: no answer; undefined: it offers no logout. */
async function logOut(target: Target, credential: Credential): Promise<number | undefined> {
  const { logout } = target.requests
  if (logout === undefined) return undefined
  const answer = await sendOnce(target.url, renderRequest(logout, credential), { timeoutMs: TIMEOUT_MS })
  return answer.kind === 'answer' ? answer.status : 0
}

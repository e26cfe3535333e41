import { sendOnce } from '#bench/load/send.ts'
import { createClient, type VirtualClient } from '#bench/workload/client.ts'
import { HEADERS } from '#contract/headers.ts'
import { LAB } from '#contract/lab.ts'
import type { Life, LifeStep } from '#contract/life.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import { ROUTES } from '#contract/routes.ts'
import { summaryOf } from '#contract/stores.ts'
import { type RequestTemplate, renderRequest, stillinTarget, type Target } from '#contract/target.ts'
import { type ClusterLab, type LabOptions, openClusterLab } from './lab.ts'
import type { Progress } from './progress.ts'

const TIMEOUT_MS = 3_000
const CART = '{"cart":["a book"]}'

/** Walks one user through a login's whole life in every mode that can run here; each life is handed over when it is done. */
export async function runLives(
  options: LabOptions,
  onLife: (life: Life) => void,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ leftOut: readonly string[] }> {
  await using lab = await openClusterLab(options, progress, signal)
  for (const [index, mode] of lab.modes.entries()) {
    signal.throwIfAborted()
    progress.update(`${mode}: the life of a login`)
    onLife(await liveOnce(lab, mode, `user-${index + 2}`))
  }
  return { leftOut: lab.leftOut }
}

/** Login, lookups at every node, data written and read, a transfer, logout, and the old credential at every node. */
async function liveOnce({ cluster, renewal }: ClusterLab, modeName: ModeName, user: string): Promise<Life> {
  await cluster.setMode(modeName)
  const mode = MODES[modeName]
  const target = stillinTarget(mode, cluster.proxy.url, cluster.nodes(), renewal)
  const client = createClient(target, user, LAB.password)
  const steps: LifeStep[] = []
  const take = async (url: string, request: RequestTemplate | undefined, where = '') => {
    steps.push(await step(url, request, client, where))
  }
  await take(target.url, client.request('login'))
  await askNodes(target, client, take)
  await take(target.url, client.request('write', { data: CART }))
  await take(target.url, readData(client))
  await take(target.url, client.request('transfer'))
  // A copy that nobody threw away: what a thief would hold.
  const copy = createClient(target, user, LAB.password)
  copy.adopt(client.credential())
  await take(target.url, client.request('logout'))
  for (const node of target.nodes)
    steps.push(await step(node.url, copy.request('lookup'), undefined, ` at ${node.id}`))
  steps.push(await step(target.url, copy.request('transfer'), undefined, ' (old)'))
  return { mode: modeName, summary: summaryOf(modeName, cluster.store?.store.name ?? 'redis'), steps }
}

async function askNodes(
  target: Target,
  client: VirtualClient,
  take: (url: string, request: RequestTemplate | undefined, where: string) => Promise<void>,
): Promise<void> {
  for (const node of target.nodes) await take(node.url, client.request('lookup'), ` at ${node.id}`)
}

function readData(client: VirtualClient): RequestTemplate {
  return renderRequest({ method: 'GET', path: ROUTES.data, headers: {} }, client.credential())
}

/** @param client takes in what the answer hands out; undefined: the answer changes nothing. */
async function step(
  url: string,
  request: RequestTemplate | undefined,
  client: VirtualClient | undefined,
  where: string,
): Promise<LifeStep> {
  if (!request) return { request: 'nothing', node: '', status: 0, answer: 'not offered in this mode' }
  const asked = `${request.method} ${request.path}${where}`
  const answer = await sendOnce(url, request, { timeoutMs: TIMEOUT_MS })
  if (answer.kind !== 'answer') return { request: asked, node: '', status: 0, answer: answer.kind }
  const changed = client?.absorb(answer.setCookies, answer.body, answer.headers) ?? false
  return {
    request: asked,
    node: String(answer.headers[HEADERS.servedBy] ?? ''),
    status: answer.status,
    answer: [inWords(answer.body), client && changed ? held(client) : '', revocation(request, answer.headers)]
      .filter((part) => part !== '')
      .join('; '),
  }
}

function inWords(body: unknown): string {
  if (typeof body !== 'object' || body === null) return ''
  const { reason, error, id, role, user, data } = body as Record<string, unknown>
  if (typeof reason === 'string') return `refused: ${reason}`
  if (typeof error === 'string') return `refused: ${error}`
  if (data !== undefined) return JSON.stringify(data)
  if (typeof id === 'string') return role === undefined ? id : `${id}, ${String(role)}`
  const named = (user as Record<string, unknown> | undefined)?.['id']
  return typeof named === 'string' ? named : ''
}

/** What the client holds now, by its size: what every further request carries. */
function held(client: VirtualClient): string {
  const { cookie, authorization } = client.credential().headers as Record<string, string | undefined>
  const parts = [
    cookie === undefined ? '' : `cookies of ${cookie.length} bytes`,
    authorization === undefined ? '' : `a token of ${authorization.length - 'Bearer '.length} bytes`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'the client holds nothing' : `the client holds ${parts.join(' and ')}`
}

function revocation(request: RequestTemplate, headers: Readonly<Record<string, unknown>>): string {
  return request.path === ROUTES.logout
    ? `takes hold: ${String(headers[HEADERS.revocation] ?? 'unknown')}`
    : ''
}

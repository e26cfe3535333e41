import type { ModePhaseRequest } from '#contract/control.ts'
import { isModeName } from '#contract/modes.ts'
import type { PinAnswer, ProxyState } from '#contract/proxy-admin.ts'
import { ADMIN_ROUTES, ROUTES } from '#contract/routes.ts'
import type { ReverseProxy } from '../proxy.ts'
import { parseUpstreamUrl } from '../upstream/upstream.ts'
import { type AdminAnswer, type AdminRoute, problem } from './admin-server.ts'

const PHASES: readonly string[] = ['prepare', 'commit', 'abort'] satisfies ModePhaseRequest['phase'][]
const NODE_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/
const MAX_UPSTREAMS = 256

/** Every route of the private listener. The proxy's own `/livez` is here: on the public one it is the nodes'. */
export function adminRoutes(proxy: ReverseProxy): readonly AdminRoute[] {
  return [
    { method: 'GET', path: ROUTES.livez, answer: () => ({ status: 200, body: { status: 'ok' } }) },
    { method: 'GET', path: ADMIN_ROUTES.usage, answer: () => ({ status: 200, body: proxy.usage.read() }) },
    {
      method: 'GET',
      path: ADMIN_ROUTES.cluster,
      answer: () => {
        const upstreams = proxy.pool.members.map((upstream) => upstream.state())
        const balancer = proxy.pinsNow() ? 'affinity-cookie' : 'round-robin'
        return { status: 200, body: { balancer, algorithm: proxy.algorithm, upstreams } satisfies ProxyState }
      },
    },
    {
      method: 'GET',
      path: ADMIN_ROUTES.events,
      answer: ({ query }) => {
        const since = query.get('since') ?? '0'
        if (!/^\d{1,15}$/.test(since)) return problem(400, 'bad_request', 'since must be a number')
        return { status: 200, body: { events: proxy.events.since(Number(since)) } }
      },
    },
    {
      method: 'GET',
      path: ROUTES.metrics,
      answer: async () => {
        const { type, text } = await proxy.metrics.read()
        return { status: 200, body: text, type }
      },
    },
    { method: 'PUT', path: ADMIN_ROUTES.mode, answer: ({ body }) => setMode(proxy, body) },
    { method: 'PUT', path: ADMIN_ROUTES.nodes, answer: ({ body }) => setNodes(proxy, body) },
    {
      method: 'PUT',
      path: `${ADMIN_ROUTES.nodes}/:id/drain`,
      answer: ({ parameter, body }) => drain(proxy, parameter, body),
    },
    { method: 'POST', path: ADMIN_ROUTES.pins, answer: ({ body }) => pin(proxy, body) },
  ]
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function setMode(proxy: ReverseProxy, body: unknown): ReturnType<AdminRoute['answer']> {
  const { mode, generation, phase } = record(body)
  if (typeof mode !== 'string' || !isModeName(mode)) return problem(400, 'bad_request', 'unknown mode')
  if (typeof generation !== 'number' || !Number.isSafeInteger(generation) || generation < 0)
    return problem(400, 'bad_request', 'generation must be a whole number')
  if (typeof phase !== 'string' || !PHASES.includes(phase))
    return problem(400, 'bad_request', `phase must be one of ${PHASES.join(', ')}`)
  if (generation < proxy.mode.generation)
    return problem(409, 'generation_past', `the proxy is in generation ${proxy.mode.generation}`)
  proxy.mode.apply({ mode, generation, phase: phase as ModePhaseRequest['phase'] })
  return { status: 200, body: { mode: proxy.mode.mode, generation: proxy.mode.generation } }
}

async function setNodes(proxy: ReverseProxy, body: unknown): Promise<AdminAnswer> {
  if (!Array.isArray(body) || body.length > MAX_UPSTREAMS)
    return problem(400, 'bad_request', `the body must be an array of at most ${MAX_UPSTREAMS} {id, url}`)
  const list: { id: string; url: URL; weight?: number }[] = []
  for (const entry of body) {
    const { id, url: text, weight } = record(entry)
    if (typeof id !== 'string' || !NODE_ID.test(id) || list.some((other) => other.id === id))
      return problem(400, 'bad_request', 'every id must be there once, of letters, digits, - and _')
    const url = typeof text === 'string' ? parseUpstreamUrl(text) : 'url is missing'
    if (typeof url === 'string') return problem(400, 'bad_request', url)
    if (weight !== undefined && (!Number.isSafeInteger(weight) || Number(weight) < 1 || Number(weight) > 100))
      return problem(400, 'bad_request', 'weight must be 1 to 100')
    list.push(weight === undefined ? { id, url } : { id, url, weight: Number(weight) })
  }
  await proxy.upstreams.set(list)
  return { status: 200, body: proxy.pool.members.map((upstream) => upstream.state()) }
}

/** Body `{"draining": false}` takes it back; anything else, or none, drains. */
function drain(proxy: ReverseProxy, id: string, body: unknown): ReturnType<AdminRoute['answer']> {
  const upstream = proxy.pool.byId(id)
  if (!upstream) return problem(404, 'not_found', `no upstream is called "${id}"`)
  if (record(body)['draining'] === false) proxy.drains.cancel(upstream)
  else proxy.drains.begin(upstream)
  return { status: 200, body: upstream.state() }
}

function pin(proxy: ReverseProxy, body: unknown): ReturnType<AdminRoute['answer']> {
  const { node } = record(body)
  if (typeof node !== 'string' || !proxy.pool.byId(node))
    return problem(404, 'not_found', 'node must be the id of an upstream')
  return { status: 200, body: { cookie: proxy.affinity.pair(node) } satisfies PinAnswer }
}

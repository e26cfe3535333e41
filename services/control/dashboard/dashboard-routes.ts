import type { FastifyInstance } from 'fastify'
import {
  DASHBOARD_RATES,
  type DashboardRate,
  VISITOR_ACTIONS,
  type VisitorAction,
} from '#contract/dashboard.ts'
import { answerError } from '../routes/answer-error.ts'
import type { Dashboard } from './dashboard.ts'

const SINCE_QUERY = {
  type: 'object',
  properties: { since: { type: 'string', pattern: '^[0-9]{1,12}$' } },
  additionalProperties: false,
} as const
const RATE_BODY = {
  type: 'object',
  properties: { ratePerS: { enum: DASHBOARD_RATES } },
  required: ['ratePerS'],
  additionalProperties: false,
} as const
const ACTION_PARAMS = {
  type: 'object',
  properties: { action: { enum: VISITOR_ACTIONS } },
  required: ['action'],
} as const

/**
 * What the page asks for: `GET /dashboard/about` and `/dashboard/state?since=SEQ`, `PUT /dashboard/load {ratePerS}`,
 * `POST /dashboard/people/login` and `/dashboard/visitor/:action` → `{text}`.
 */
export function dashboardRoutes(server: FastifyInstance, dashboard: Dashboard): void {
  server.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  server.get('/dashboard/about', async () => dashboard.about())
  server.get<{ Querystring: { since?: string } }>(
    '/dashboard/state',
    { schema: { querystring: SINCE_QUERY } },
    async (request) => dashboard.state(Number(request.query.since ?? 0)),
  )
  server.put<{ Body: { ratePerS: DashboardRate } }>(
    '/dashboard/load',
    { schema: { body: RATE_BODY } },
    async (request, reply) => {
      const problem = await dashboard.setRate(request.body.ratePerS)
      if (problem !== undefined) return answerError(reply, 409, 'not_done', problem)
      return { text: `${request.body.ratePerS} requests a second` }
    },
  )
  server.post('/dashboard/people/login', async (_request, reply) => {
    const problem = await dashboard.loginPeople()
    if (problem !== undefined) return answerError(reply, 409, 'not_done', problem)
    return { text: 'everybody is logged in again' }
  })
  server.post<{ Params: { action: VisitorAction } }>(
    '/dashboard/visitor/:action',
    { schema: { params: ACTION_PARAMS } },
    async (request, reply) => {
      const { done, text } = await dashboard.visitor.act(request.params.action)
      return done ? { text } : answerError(reply, 409, 'not_done', text)
    },
  )
}

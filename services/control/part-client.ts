import type { ModePhaseRequest, PartState } from '#contract/control.ts'
import type { ModeName } from '#contract/modes.ts'
import type { BanRequest, RoleRequest, UserChangeAnswer } from '#contract/node-admin.ts'
import type { ErrorBody } from '#contract/reasons.ts'
import type { RenewalSetting } from '#contract/renewal.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'

/** Why a part did not do what it was asked. `refused`: it answered no; otherwise it did not answer in time, or at all. */
export interface PartProblem {
  readonly part: string
  readonly refused: boolean
  readonly message: string
  /** The status of the answer, where there was one. */
  readonly status?: number
}

export type UserChange =
  | { readonly kind: 'ban'; readonly body: BanRequest }
  | { readonly kind: 'role'; readonly body: RoleRequest }

/** What a part says that it is in. */
export interface PresentState {
  readonly mode: ModeName
  readonly generation: number
  readonly pid: number
  /** A node's. */
  readonly renewal?: Required<RenewalSetting>
}

/** Speaks to the private listeners of nodes and proxy. Never throws: what went wrong is a value. */
export interface PartClient {
  phase(part: PartState, request: ModePhaseRequest): Promise<PartProblem | undefined>
  /** What a part is in. */
  modeOf(part: PartState): Promise<PresentState | PartProblem>
  /** Changes a user at a node: `ban` or `role`, with that route's body. */
  changeUser(node: PartState, userId: string, change: UserChange): Promise<UserChangeAnswer | PartProblem>
  /** How logins that begin at this node from now on are made to last. */
  renew(node: PartState, setting: RenewalSetting): Promise<PartProblem | undefined>
  /** Has a node read the key ring's file again; resolves when it uses what the file says. */
  rereadKeys(node: PartState): Promise<PartProblem | undefined>
  /** Takes a node out of the proxy's rotation (its pins are kept for a while), or back into it. */
  drain(proxy: PartState, nodeId: string, draining: boolean): Promise<PartProblem | undefined>
}

export function createPartClient(adminToken: string, timeoutMs: number): PartClient {
  async function ask(part: PartState, method: string, path: string, body?: object): Promise<Answer> {
    if (part.adminUrl === undefined) return problem(part, false, 'has no private listener')
    try {
      const response = await fetch(part.adminUrl + path, {
        method,
        headers: {
          authorization: `Bearer ${adminToken}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (response.ok) return { body: text === '' ? {} : JSON.parse(text) }
      const { status } = response
      return { ...problem(part, status < 500 || status === 503, explain(status, text)), status }
    } catch (error) {
      return problem(part, false, explainFailure(error, timeoutMs))
    }
  }
  return {
    phase: async (part, request) => problemOf(await ask(part, 'PUT', ADMIN_ROUTES.mode, request)),
    modeOf: async (part) => {
      const answer = await ask(part, 'GET', ADMIN_ROUTES.usage)
      return 'part' in answer ? answer : (answer.body as PresentState)
    },
    renew: async (node, setting) => problemOf(await ask(node, 'PUT', ADMIN_ROUTES.renewal, setting)),
    rereadKeys: async (node) => problemOf(await ask(node, 'PUT', ADMIN_ROUTES.keys)),
    changeUser: async (node, userId, { kind, body }) => {
      const answer = await ask(
        node,
        'POST',
        `${ADMIN_ROUTES.users}/${encodeURIComponent(userId)}/${kind}`,
        body,
      )
      return 'part' in answer ? answer : (answer.body as UserChangeAnswer)
    },
    drain: async (proxy, nodeId, draining) =>
      problemOf(
        await ask(proxy, 'PUT', `${ADMIN_ROUTES.nodes}/${encodeURIComponent(nodeId)}/drain`, { draining }),
      ),
  }
}

type Answer = { body: unknown } | PartProblem

function problemOf(answer: Answer): PartProblem | undefined {
  return 'part' in answer ? answer : undefined
}

function problem(part: PartState, refused: boolean, message: string): PartProblem {
  return { part: part.id, refused, message: `${part.id} ${message}` }
}

function explain(status: number, text: string): string {
  try {
    const body = JSON.parse(text) as ErrorBody
    return `answered ${status}: ${body.message ?? body.error}`
  } catch {
    return `answered ${status}`
  }
}

function explainFailure(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'did not answer'
  if (error.name === 'TimeoutError') return `did not answer within ${timeoutMs} ms`
  const code = (error.cause as NodeJS.ErrnoException | undefined)?.code
  return `did not answer (${code ?? error.message})`
}

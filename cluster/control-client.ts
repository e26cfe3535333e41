import type { ClusterState } from '#contract/control.ts'
import { StillinError } from '#contract/errors.ts'
import type { ModeName } from '#contract/modes.ts'
import type { ErrorBody } from '#contract/reasons.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'

const ANSWER_MS = 30_000

/** Control's HTTP API as the cluster's own driver uses it. */
export interface ControlClient {
  state(): Promise<ClusterState>
  /** @throws StillinError with control's reason when it was not switched, or not confirmed by everybody. */
  setMode(mode: ModeName): Promise<{ mode: ModeName; generation: number }>
  /** Sends a node no new users, until `resume` ends it. @throws StillinError with control's reason. */
  drain(nodeId: string): Promise<void>
  endDrain(nodeId: string): Promise<void>
}

export function createControlClient(url: string, token: string): ControlClient {
  async function ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.timeout(ANSWER_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const answer = (text === '' ? undefined : JSON.parse(text)) as Answer | ErrorBody
    if (response.ok) return answer as Answer
    const { error, message } = answer as ErrorBody
    throw new StillinError(`control refused ${method} ${path}: ${message ?? error}`)
  }
  return {
    state: () => ask('GET', ADMIN_ROUTES.cluster),
    setMode: (mode) => ask('PUT', ADMIN_ROUTES.mode, { mode }),
    drain: (nodeId) => ask('POST', `${ADMIN_ROUTES.parts}/${nodeId}/drain`),
    endDrain: (nodeId) => ask('POST', `${ADMIN_ROUTES.parts}/${nodeId}/resume`),
  }
}

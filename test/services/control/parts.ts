import type { ModePhaseRequest, PartCondition, PartState } from '#contract/control.ts'
import type { ModeName } from '#contract/modes.ts'
import type { RenewalSetting } from '#contract/renewal.ts'
import type { PartClient, PartProblem } from '#services/control/part-client.ts'

export function part(id: string, condition: PartCondition = 'ready'): PartState {
  return {
    id,
    kind: id === 'proxy' ? 'proxy' : 'node',
    condition,
    url: `http://${id}`,
    adminUrl: `http://${id}-admin`,
    ...(condition === 'stopped' ? {} : { pid: 100 }),
  }
}

const FIXED = { renewal: 'fixed', refresh: 'store' } as const

/** Stands in for the parts' private listeners and writes down what they are told, in order. */
export interface FakeParts extends PartClient {
  readonly told: string[]
  /** What a part answers to a phase, by `phase id`, e.g. `prepare node-1`. */
  readonly problems: Map<string, PartProblem>
  /** The generation that a part says it is in; the newest it committed otherwise. */
  readonly generations: Map<string, number>
  /** How a node says that it renews; `fixed` otherwise. */
  readonly renewals: Map<string, Required<RenewalSetting>>
}

export function fakeParts(): FakeParts {
  const told: string[] = []
  const problems = new Map<string, PartProblem>()
  const generations = new Map<string, number>()
  const renewals = new Map<string, Required<RenewalSetting>>()
  const modes = new Map<number, ModeName>([[1, 'local']])
  return {
    told,
    problems,
    generations,
    renewals,
    async phase({ id }: PartState, request: ModePhaseRequest) {
      told.push(`${request.phase} ${id} ${request.mode}@${request.generation}`)
      modes.set(request.generation, request.mode)
      const problem = problems.get(`${request.phase} ${id}`)
      if (problem === undefined && request.phase === 'commit') generations.set(id, request.generation)
      return problem
    },
    async modeOf({ id }) {
      const generation = generations.get(id) ?? 1
      return {
        mode: modes.get(generation) ?? 'local',
        generation,
        pid: 100,
        renewal: renewals.get(id) ?? FIXED,
      }
    },
    async renew({ id }, { renewal, refresh = 'store' }) {
      told.push(`renew ${id} ${renewal}`)
      const problem = problems.get(`renew ${id}`)
      if (problem === undefined) renewals.set(id, { renewal, refresh })
      return problem
    },
    async changeUser({ id }, userId, { kind, body }) {
      told.push(`${kind} ${userId} ${id} ${JSON.stringify(body)}`)
      const problem = problems.get(`${kind} ${id}`)
      return (
        problem ?? { user: { id: userId, role: 'user', banned: true }, mode: 'local', revokes: 'by-chance' }
      )
    },
    async rereadKeys({ id }) {
      told.push(`keys ${id}`)
      return problems.get(`keys ${id}`)
    },
    async drain(_proxy, nodeId, draining) {
      told.push(`${draining ? 'drain' : 'undrain'} ${nodeId}`)
      return undefined
    },
  }
}

export function problem(id: string, refused: boolean, message = `${id} said no`): PartProblem {
  return { part: id, refused, message }
}

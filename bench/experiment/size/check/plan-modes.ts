import { EXIT, StillinError } from '#contract/errors.ts'
import type { ModeName } from '#contract/modes.ts'
import type { RunResult } from '#contract/result.ts'
import type { ProjectedCapacity } from '#contract/sizing.ts'
import type { OneMachine } from '../capacity.ts'
import { costsOf } from '../measured-costs.ts'
import { type PlannedLoad, planLoads } from './planned-load.ts'

/**
 * The loads to drive in each mode, and why others are left out.
 * @throws StillinError where nothing is left to check.
 */
export function planModes(
  { result, modes }: { result: RunResult; modes: readonly ModeName[] | undefined },
  machine: OneMachine,
): { loads: PlannedLoad[]; capacities: ProjectedCapacity[]; leftOut: string[] } {
  const leftOut: string[] = []
  const capacities: ProjectedCapacity[] = []
  const loads: PlannedLoad[] = []
  for (const mode of modes ?? result.configuration.modes) {
    const costs = costsOf(result, mode)
    const missing = whyNot(result, mode, costs)
    if (typeof costs === 'string' || missing !== undefined) {
      leftOut.push(`${mode}: ${missing}`)
      continue
    }
    const planned = planLoads(mode, costs, machine)
    capacities.push(...planned.capacities)
    loads.push(...planned.loads)
  }
  if (loads.length === 0)
    throw new StillinError(`nothing in ${result.id} can be checked: ${leftOut.join('; ')}`, {
      exitCode: EXIT.usage,
    })
  return { loads, capacities, leftOut }
}

function whyNot(
  { configuration }: RunResult,
  mode: ModeName,
  costs: ReturnType<typeof costsOf>,
): string | undefined {
  if (!configuration.modes.includes(mode)) return 'the run did not measure it'
  if (typeof costs === 'string') return costs
  return costs.generatorS === null ? 'the run has no CPU time of its generator at the equal rate' : undefined
}

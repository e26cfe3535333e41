import { EXIT, StillinError } from '#contract/errors.ts'
import type { Environment, RunResult } from '#contract/result.ts'

type Trait = readonly [name: string, of: (environment: Environment) => unknown]

/** Costs of another machine project nothing about this one. */
const DECISIVE: readonly Trait[] = [
  ['CPU', ({ cpuModel }) => cpuModel],
  ['cores', ({ cores }) => cores],
  ['limit of CPUs', ({ cgroupCpuLimit }) => cgroupCpuLimit ?? 'none'],
  ['platform', ({ platform }) => platform],
]

/** These move costs, and the reader should know. */
const TELLING: readonly Trait[] = [
  ['Node', ({ node }) => node],
  ['kernel', ({ kernel }) => kernel],
  ['packages', ({ lockfileSha256 }) => lockfileSha256.slice(0, 12)],
  ['revision', ({ gitSha }) => gitSha?.slice(0, 12) ?? 'unknown'],
  ['Redis', ({ redis }) => redis?.version ?? 'none'],
]

/** @throws StillinError where the result is of another machine than this one. */
export function demandSameMachine({ id, environment, command }: RunResult, here: Environment): void {
  const differing = differences(DECISIVE, environment, here)
  if (differing.length === 0) return
  throw new StillinError(
    `${id} was measured on another machine than this one (${differing.join('; ')}): its projections cannot be checked here`,
    { exitCode: EXIT.usage, hint: `Measure here first (${command}), then check that result.` },
  )
}

/** What else is not as it was, in words. */
export function whatChanged({ environment }: RunResult, here: Environment): string[] {
  return differences(TELLING, environment, here)
}

function differences(traits: readonly Trait[], then: Environment, here: Environment): string[] {
  return traits
    .filter(([, of]) => of(then) !== of(here))
    .map(([name, of]) => `${name}: ${String(of(then))} then, ${String(of(here))} now`)
}

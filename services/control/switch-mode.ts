import type { ModePhaseRequest, PartState } from '#contract/control.ts'
import type { ModeName } from '#contract/modes.ts'
import type { ClusterView } from './cluster-view.ts'
import type { PartClient, PartProblem } from './part-client.ts'

export type SwitchOutcome =
  | { readonly mode: ModeName; readonly generation: number }
  /** `switched`: all agreed and the mode has changed, but a part did not confirm it. */
  | { readonly status: 409 | 502; readonly message: string; readonly switched: boolean }

/**
 * Switches the whole cluster in two phases (contract/control.ts):
 *
 *     nodes prepare → proxy prepares (holds new requests) → nodes commit → proxy commits (lets them go)
 *
 * Until the last prepare any failure aborts the switch everywhere and the old mode stands. Once everybody has agreed
 * the switch is decided: a part that dies in the middle is told the mode when it starts, as the dead ones are.
 */
export async function switchMode(
  view: ClusterView,
  client: PartClient,
  mode: ModeName,
  onDecided: (mode: ModeName, generation: number) => void = () => {},
): Promise<SwitchOutcome> {
  const nodes = view.running('node')
  const proxies = view.running('proxy')
  const unfit = [...nodes, ...proxies].find((part) => part.condition !== 'ready')
  if (unfit !== undefined) {
    const message = `${unfit.id} is ${unfit.condition} and cannot switch with the others`
    return { status: 409, message, switched: false }
  }
  if (nodes.length === 0) return { status: 409, message: 'no node is running', switched: false }

  const generation = view.nextGeneration()
  const tell = (parts: readonly PartState[], phase: ModePhaseRequest['phase']) =>
    tellAll(client, parts, { mode, generation, phase })

  for (const parts of [nodes, proxies]) {
    const problems = await tell(parts, 'prepare')
    if (problems.length > 0) {
      await tell([...nodes, ...proxies], 'abort')
      return refusal(problems)
    }
  }
  view.commit(mode, generation)
  onDecided(mode, generation)
  const late = [...(await tell(nodes, 'commit')), ...(await tell(proxies, 'commit'))]
  const unconfirmed = await stillBehind(view, client, late, generation)
  if (unconfirmed.length === 0) return { mode, generation }
  const names = unconfirmed.map((problem) => problem.message).join('; ')
  return { status: 502, message: `switched to ${mode}, but not confirmed: ${names}`, switched: true }
}

async function tellAll(
  client: PartClient,
  parts: readonly PartState[],
  request: ModePhaseRequest,
): Promise<PartProblem[]> {
  const answers = await Promise.all(parts.map((part) => client.phase(part, request)))
  return answers.filter((answer) => answer !== undefined)
}

function refusal(problems: readonly PartProblem[]): SwitchOutcome {
  const message = problems.map((problem) => problem.message).join('; ')
  return { status: problems.every((problem) => problem.refused) ? 409 : 502, message, switched: false }
}

/** Of the parts whose commit failed: those that run and are not in the new generation. */
async function stillBehind(
  view: ClusterView,
  client: PartClient,
  problems: readonly PartProblem[],
  generation: number,
): Promise<PartProblem[]> {
  const behind: PartProblem[] = []
  for (const problem of problems) {
    const part = view.part(problem.part)
    if (part === undefined || part.condition === 'stopped') continue
    const now = await client.modeOf(part)
    if ('generation' in now && now.generation === generation) continue
    behind.push(problem)
  }
  return behind
}

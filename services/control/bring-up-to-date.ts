import type { PartState } from '#contract/control.ts'
import type { ClusterView } from './cluster-view.ts'
import type { Exclusive } from './exclusive.ts'
import type { PartClient, PartProblem, PresentState } from './part-client.ts'
import { isSetTo } from './set-renewal.ts'

export interface UpToDateOptions {
  readonly view: ClusterView
  readonly client: PartClient
  readonly changes: Exclusive
  /** Keys were changed since control began: a part that started meanwhile may have read them in the middle. */
  readonly keysChanged: boolean
}

/**
 * Brings a part that has just become ready into what was decided while the cluster runs: a node into the mode, the
 * renewal and the keys, a proxy into the mode and the drains. A container always starts as its file says, and a process
 * may have been started while a change was under way.
 * Asking happens beside other changes, so that a part which hangs holds nobody up; telling happens between them.
 */
export async function bringUpToDate(
  { view, client, changes, keysChanged }: UpToDateOptions,
  part: PartState,
): Promise<PartProblem | undefined> {
  const now = await client.modeOf(part)
  if (!('generation' in now)) return now
  if (!lacksSomething(now)) return undefined
  const told = await changes.run(async () => {
    // A change may have ended while this waited for its turn, and have taken the part along.
    const latest = await client.modeOf(part)
    if (!('generation' in latest)) return latest
    return (
      (await tellMode(latest)) ?? (await tellRenewal(latest)) ?? (await tellKeys()) ?? (await tellDrains())
    )
  })
  return told === 'busy'
    ? { part: part.id, refused: false, message: `${part.id} could not be told yet` }
    : told

  function lacksSomething(state: PresentState): boolean {
    const hasDrains = part.kind === 'proxy' && view.drained().length > 0
    return isBehind(state) || lacksRenewal(state) || (part.kind === 'node' && keysChanged) || hasDrains
  }
  function isBehind({ mode, generation }: PresentState): boolean {
    const wanted = view.state()
    return mode !== wanted.mode || generation !== wanted.generation
  }
  function lacksRenewal({ renewal }: PresentState): boolean {
    const wanted = view.state().renewal
    return part.kind === 'node' && wanted !== undefined && !isSetTo(renewal, wanted)
  }
  async function tellMode(state: PresentState): Promise<PartProblem | undefined> {
    if (!isBehind(state)) return undefined
    const { mode, generation } = view.state()
    const prepared = await client.phase(part, { mode, generation, phase: 'prepare' })
    return prepared ?? client.phase(part, { mode, generation, phase: 'commit' })
  }
  async function tellRenewal(state: PresentState): Promise<PartProblem | undefined> {
    const { renewal } = view.state()
    return renewal && lacksRenewal(state) ? client.renew(part, renewal) : undefined
  }
  async function tellKeys(): Promise<PartProblem | undefined> {
    return part.kind === 'node' && keysChanged ? client.rereadKeys(part) : undefined
  }
  async function tellDrains(): Promise<PartProblem | undefined> {
    if (part.kind !== 'proxy') return undefined
    const answers = await Promise.all(view.drained().map((id) => client.drain(part, id, true)))
    return answers.find((answer) => answer !== undefined)
  }
}

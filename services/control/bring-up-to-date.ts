import type { PartState } from '#contract/control.ts'
import type { ClusterView } from './cluster-view.ts'
import type { Exclusive } from './exclusive.ts'
import type { PartClient, PartProblem } from './part-client.ts'

/**
 * Brings a part that has just become ready into the cluster's mode, where it started in another one: a container always
 * starts in the one that its file names, and a process may have been started while a switch was under way.
 * Asking happens beside other changes, so that a part which hangs holds nobody up; telling happens between them.
 */
export async function bringUpToDate(
  view: ClusterView,
  client: PartClient,
  changes: Exclusive,
  part: PartState,
): Promise<PartProblem | undefined> {
  const now = await client.modeOf(part)
  if (!('generation' in now)) return now
  const told = await changes.run(async () => {
    const { mode, generation } = view.state()
    if (now.mode === mode && now.generation === generation) return undefined
    // A switch may have ended while this waited for its turn, and have taken the part along.
    const latest = await client.modeOf(part)
    if (!('generation' in latest)) return latest
    if (latest.mode === mode && latest.generation === generation) return undefined
    const prepared = await client.phase(part, { mode, generation, phase: 'prepare' })
    return prepared ?? client.phase(part, { mode, generation, phase: 'commit' })
  })
  return told === 'busy'
    ? { part: part.id, refused: false, message: `${part.id} could not be told yet` }
    : told
}

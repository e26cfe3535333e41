import type { RenewalSetting } from '#contract/renewal.ts'
import type { ClusterView } from './cluster-view.ts'
import type { PartClient } from './part-client.ts'
import type { ActError } from './supervisor-link.ts'

/** Set, or why not. `late`: nodes that run and did not confirm a setting that others have taken. */
export type RenewalOutcome = { readonly setting: RenewalSetting; readonly late: readonly string[] } | ActError

/**
 * Tells every node how logins that begin from now on are made to last. Where at least one has taken it, it is the
 * cluster's: a node that was down is told when it starts. Nodes are started alike, so they refuse alike.
 */
export async function setRenewal(
  view: ClusterView,
  client: PartClient,
  setting: RenewalSetting,
  onDecided: (setting: RenewalSetting) => void = () => {},
): Promise<RenewalOutcome> {
  const nodes = view.running('node')
  const unfit = nodes.find((node) => node.condition !== 'ready')
  if (unfit !== undefined)
    return { status: 409, message: `${unfit.id} is ${unfit.condition} and cannot take it with the others` }
  if (nodes.length === 0) return { status: 409, message: 'no node is running' }
  const answers = await Promise.all(nodes.map((node) => client.renew(node, setting)))
  const problems = answers.filter((answer) => answer !== undefined)
  if (problems.length === nodes.length) {
    const message = problems.map((problem) => problem.message).join('; ')
    return { status: problems.every(({ refused }) => refused) ? 409 : 500, message }
  }
  view.commitRenewal(setting)
  onDecided(setting)
  return { setting, late: problems.map(({ part }) => part) }
}

/** Does a node renew in this way already? */
export function isSetTo(present: Required<RenewalSetting> | undefined, setting: RenewalSetting): boolean {
  return (
    present?.renewal === setting.renewal &&
    (setting.refresh === undefined || present.refresh === setting.refresh)
  )
}

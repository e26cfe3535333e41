import type { LabOptions } from '#bench/experiment/lab/lab.ts'
import type { Renewal } from '#contract/renewal.ts'
import type { Settings } from './settings.ts'

/**
 * What the nodes of a comparison are started as: as rolling where that is among them, since a node keeps revocations for
 * as long as its start asks for, and is told otherwise while it runs.
 */
export function startedAs(renewals: readonly Renewal[] | undefined): Pick<Settings, 'renewal'> {
  const [first] = renewals ?? []
  if (first === undefined) return {}
  return { renewal: renewals?.includes('rolling') ? 'rolling' : first }
}

/** The lab, and the ways of renewal that are compared in it: those asked for, or the one that settings ask for. */
export function resolveRenewals(
  lab: LabOptions,
  asked: readonly Renewal[] | undefined,
): { lab: LabOptions; renewals: readonly Renewal[] } {
  if (asked === undefined) return { lab, renewals: [lab.renewal ?? 'fixed'] }
  const { renewal: _, ...flags } = lab.renewalFlags ?? {}
  return { lab: { ...lab, renewalFlags: { ...flags, renewal: asked.join(',') } }, renewals: asked }
}

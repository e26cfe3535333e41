import type { LabOptions } from '#bench/experiment/lab/lab.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { Mix } from '#contract/mix.ts'
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

/**
 * The lab, and the ways of renewal that are compared in it: those asked for, or the one that settings ask for. undefined:
 * the way of a cluster that runs already, which is not known yet.
 */
export function resolveRenewals(
  lab: LabOptions,
  asked: readonly Renewal[] | undefined,
): { lab: LabOptions; renewals: readonly Renewal[] | undefined } {
  if (asked === undefined)
    return { lab, renewals: lab.cluster === undefined ? [lab.renewal ?? 'fixed'] : undefined }
  const { renewal: _, ...flags } = lab.renewalFlags ?? {}
  const named = { ...lab, renewalFlags: { ...flags, renewal: asked.join(',') } }
  return { lab: { ...named, pairs: asked.includes('pair') }, renewals: asked }
}

/**
 * The ways asked for, and for a mix with refreshes a pair, which alone has a refresh token.
 * @throws StillinError (usage) where anything else was asked for.
 */
export function renewalsOfMix(
  { refresh = 0 }: Mix,
  asked: readonly Renewal[] | undefined,
): readonly Renewal[] | undefined {
  if (refresh === 0) return asked
  if (asked === undefined || asked.join() === 'pair') return ['pair']
  throw new StillinError(`--renewal ${asked.join(',')} and the refreshes of --mix contradict each other`, {
    exitCode: EXIT.usage,
    hint: 'Only a pair has a refresh token: say --renewal pair or leave it out, or leave refresh out of --mix.',
  })
}

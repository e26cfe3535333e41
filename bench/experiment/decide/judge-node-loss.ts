import type { DecisionEvidence, LimitJudgement } from '#contract/decision.ts'
import type { Guarantee, Mode } from '#contract/modes.ts'
import type { Source } from './source.ts'

/** Promises that the death of one node leaves standing. */
const KEPT: readonly Guarantee[] = ['always', 'while-store-lives', 'after-replication', 'within-bound']

/** Only a node that was really killed says who is still in. */
export function judgeNodeLoss(mode: Mode, sources: readonly Source[]): LimitJudgement {
  const runs = sources.flatMap(({ file, result }) =>
    result.failures
      .filter(
        ({ mode: name, fault, survival, steady }) =>
          // A matrix is valid with cells that were not steady, which count for nothing.
          steady.before && steady.after && name === mode.name && fault === 'kill-node' && survival.users > 0,
      )
      .map((run) => ({ file, run })),
  )
  const evidence = runs.map(
    ({ file, run }): DecisionEvidence => ({
      figure: `logins lost, of ${run.survival.users}`,
      value: run.survival.lost,
      unit: '',
      interval: null,
      point: 'failure',
      under: `kill-node, ${run.ratePerS}/s`,
      n: 1,
      file,
    }),
  )
  const judge = (verdict: LimitJudgement['verdict'], why: string): LimitJudgement => ({
    mode: mode.name,
    limit: 'survive-node-loss',
    verdict,
    why,
    evidence,
  })
  const losing = runs.find(({ run }) => run.survival.lost > 0)?.run.survival
  if (losing) return judge('broken', `${losing.lost} of ${losing.users} logins were lost with one node`)
  if (!KEPT.includes(mode.survives))
    return judge(
      'broken',
      `a login does not survive its node${mode.survives === 'never' ? '' : ` (${mode.survives})`}`,
    )
  if (runs.length === 0)
    return judge('unknown', `promised (${mode.survives}), but no usable run killed a node`)
  if (runs.some(({ run }) => run.survival.verdict === 'unknown'))
    return judge('unknown', 'a node was killed, and the run could not say who was still in')
  const kills = runs.length === 1 ? 'one kill' : `${runs.length} kills`
  const condition = mode.survives === 'always' ? '' : `; promised ${mode.survives}`
  return judge('met', `no login was lost in ${kills}${condition}`)
}

import { formatTime } from '#bench/report/numbers.ts'
import type { DecisionEvidence, LimitJudgement } from '#contract/decision.ts'
import type { Mode } from '#contract/modes.ts'
import type { FailureRun } from '#contract/result.ts'
import type { Source } from './source.ts'

/** How long the table lets a logged-out credential live, ms; undefined: it promises nothing. */
function promisedLagMs(mode: Mode): number | undefined {
  switch (mode.revokes.one) {
    case 'always':
    case 'while-store-lives':
    case 'while-node-lives':
      return 0
    case 'within-bound':
    case 'after-replication':
      return mode.boundMs
    case 'at-expiry':
      return mode.accessS * 1000
    case 'by-chance':
    case 'never':
      return undefined
  }
}

/** The table's promise first, then what the timed logouts showed: a promise that nobody watched is not known to hold. */
export function judgeLogoutLag(mode: Mode, sources: readonly Source[], limitMs: number): LimitJudgement {
  const runs = sources.flatMap(({ file, result }) =>
    result.failures
      .filter(
        ({ mode: name, revocation, steady }) =>
          name === mode.name && revocation.probes > 0 && steady.before && steady.after,
      )
      .map((run) => ({ file, run })),
  )
  const evidence = runs.flatMap(({ file, run }) => worstLag(file, run))
  const judge = (verdict: LimitJudgement['verdict'], why: string): LimitJudgement => ({
    mode: mode.name,
    limit: 'max-logout-lag',
    verdict,
    why,
    evidence,
  })
  const promisedMs = promisedLagMs(mode)
  if (promisedMs === undefined)
    return judge('broken', `a logout holds ${mode.revokes.one}: no bound is promised`)
  if (promisedMs > limitMs) {
    const holds = mode.revokes.one === 'at-expiry' ? 'a credential lives' : 'the bound is'
    return judge('broken', `${holds} ${formatTime(promisedMs)} by default, beyond ${formatTime(limitMs)}`)
  }
  if (runs.length === 0)
    return judge('unknown', `promised (${formatTime(promisedMs)}), but no usable run timed a logout`)
  const unacknowledged = runs.find(({ run }) => run.revocation.acknowledged < run.revocation.probes)
  if (unacknowledged !== undefined) {
    const { acknowledged, probes } = unacknowledged.run.revocation
    return judge('unknown', `${probes - acknowledged} of ${probes} logouts were not acknowledged`)
  }
  const atExpiry = mode.revokes.one === 'at-expiry'
  if (runs.some(({ run }) => run.revocation.unfinished > 0))
    return judge('broken', 'a logged-out credential was still accepted when the watching ended')
  if (runs.some(({ run }) => run.revocation.unclear))
    return judge('unknown', 'a node did not answer to the end of the watching')
  const worst = Math.max(...evidence.map(({ value }) => value))
  if (worst > limitMs) return judge('broken', `accepted for ${formatTime(worst)} after the logout`)
  const logouts = runs.reduce((sum, { run }) => sum + run.revocation.probes, 0)
  const seen = `${worst === 0 ? 'never accepted again' : `at worst ${formatTime(worst)}`} over ${logouts} logouts`
  return judge(
    'met',
    atExpiry
      ? `it ends by expiry, ${formatTime(promisedMs)} by default; ${seen}, of shorter credentials`
      : seen,
  )
}

function worstLag(file: string, run: FailureRun): DecisionEvidence[] {
  const { lagsMs, credentialLifetimeS, probes } = run.revocation
  if (lagsMs.length === 0) return []
  return [
    {
      figure: `last accept after a logout, worst of ${probes}`,
      value: Math.max(...lagsMs),
      unit: 'ms',
      interval: null,
      point: 'failure',
      under: `${run.fault}, ${run.ratePerS}/s, credentials of ${credentialLifetimeS} s`,
      n: 1,
      file,
    },
  ]
}

import { formatTime } from '#bench/report/numbers.ts'
import type { FaultLag, FaultLagRow, LagEvidence, RevocationLag } from '#contract/lag.ts'
import type { ModeName } from '#contract/modes.ts'

/** A sentence a mode: how long what was revoked was accepted at worst, and whether that was within what is promised. */
export function lagSentences({ plain, underFault }: LagEvidence): string[] {
  const modes = [...new Set([...plain, ...underFault].map(({ mode }) => mode))]
  return modes.flatMap((mode) => [
    ...plainSentence(
      mode,
      plain.filter((lag) => lag.mode === mode),
    ),
    ...faultSentence(
      mode,
      underFault.filter((lag) => lag.mode === mode && lag.steady),
    ),
  ])
}

function plainSentence(mode: ModeName, lags: readonly RevocationLag[]): string[] {
  const acknowledged = lags.reduce((sum, lag) => sum + lag.acknowledged, 0)
  if (acknowledged === 0) return []
  const worst = Math.max(...lags.map(({ lag }) => lag.max))
  const p99 = Math.max(...lags.map(({ lag }) => lag.p99))
  if (worst === 0) {
    return [
      `With ${mode} no node accepted a question sent after one of ${acknowledged} revocations was acknowledged.`,
    ]
  }
  return [
    `With ${mode} a node accepted a question up to ${formatTime(worst)} after one of ${acknowledged} revocations was acknowledged (p99 of the slowest kind ${formatTime(p99)}).`,
  ]
}

function faultSentence(mode: ModeName, lags: readonly FaultLag[]): string[] {
  if (lags.length === 0) return []
  const rows = lags.flatMap(({ rows }) => rows)
  const acknowledged = rows.reduce((sum, { ends }) => sum + ends.acknowledged, 0)
  const refused = rows.reduce((sum, { ends }) => sum + ends.refused, 0)
  const faults = lags.length === 1 ? 'one fault' : `${lags.length} faults`
  const worst = worstOf(lags)
  const most =
    worst.ms === 0
      ? 'no node accepted a question sent after the acknowledgement'
      : `the latest question accepted was sent ${formatTime(worst.ms)} after the acknowledgement (${worst.fault}, ${worst.node})`
  return [
    `With ${mode}, around ${faults}: ${acknowledged} revocations acknowledged, ${refused} refused; ${most}. ${standing(lags)}`,
  ]
}

function worstOf(lags: readonly FaultLag[]) {
  let worst = { ms: 0, fault: '', node: '' }
  for (const { fault, rows } of lags)
    for (const { nodes } of rows)
      for (const { id, lag } of nodes) if (lag.max > worst.ms) worst = { ms: lag.max, fault, node: id }
  return worst
}

function standing(lags: readonly FaultLag[]): string {
  const where = (...verdicts: FaultLagRow['verdict'][]) =>
    lags
      .filter(({ rows }) => rows.some(({ verdict }) => verdicts.includes(verdict)))
      .map(({ fault }) => fault)
  const parts = [
    ['Beyond what is promised', where('beyond')],
    ['Beyond, where the promise does not reach', where('as-declared')],
    ['Cannot be told', where('cannot-tell')],
  ] as const
  const found = parts.filter(([, faults]) => faults.length > 0)
  if (found.length > 0) return `${found.map(([what, faults]) => `${what}: ${faults.join(', ')}`).join('. ')}.`
  const verdicts = lags.flatMap(({ rows }) => rows.map(({ verdict }) => verdict))
  return verdicts.includes('kept')
    ? 'Every promise was kept.'
    : 'Nothing is promised, or nothing was acknowledged.'
}

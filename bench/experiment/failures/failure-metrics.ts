import { measureRecovery, type Recovery } from '#bench/chaos/recovery.ts'
import { binTimeline } from '#bench/chaos/timeline.ts'
import type { Sample } from '#bench/load/plan.ts'
import type { Mode } from '#contract/modes.ts'
import { emptyOutcomeCounts, type OutcomeCounts } from '#contract/outcomes.ts'
import type { FailureRun, Metric, MetricName, Survival, TimelineEvent } from '#contract/result.ts'
import type { Driven } from './drive-failure.ts'
import type { FailureSchedule } from './failure-schedule.ts'

/** The part of a failure run's result that is computed from its requests and events. */
type Computed = Pick<FailureRun, 'outcomes' | 'bins' | 'events' | 'steady' | 'metrics'>

/** Share of answers that must be right, beside errors, for a stretch to count as steady. */
const STEADY_ERROR_SHARE = 0.01
/** How much of the end of the run must be steady again, ms. */
const STEADY_END_MS = 1_000

/** @param outAtEnd users who are known to be without access at the end: their refusals do not make the end unsteady. */
export function failureMetrics(
  samples: readonly Sample[],
  run: Driven,
  mode: Mode,
  schedule: FailureSchedule,
  survival: Survival,
  outAtEnd: ReadonlySet<string> = new Set(),
): Computed {
  const endUs = run.startUs + schedule.durationMs * 1000
  const window = { startUs: run.startUs, faultUs: run.faultUs, endUs, ratePerS: schedule.ratePerS }
  const recovery = measureRecovery(samples, window)
  const events = withHarnessEvents(run, run.events)
  return {
    outcomes: countOutcomes(samples),
    bins: binTimeline(samples, run.startUs, schedule.durationMs),
    events,
    steady: steadyState(samples, run, endUs, mode, outAtEnd),
    metrics: toMetrics(recovery, detectMs(run), survival, run),
  }
}

function countOutcomes(samples: readonly Sample[]): OutcomeCounts {
  const counts = emptyOutcomeCounts()
  for (const { outcome } of samples) counts[outcome] += 1
  return counts
}

function withHarnessEvents(run: Driven, events: readonly TimelineEvent[]): TimelineEvent[] {
  const own: TimelineEvent[] = [
    {
      atMs: (run.faultUs - run.startUs) / 1000,
      source: 'harness',
      kind: 'fault',
      part: run.part,
      ...(run.detail === undefined ? {} : { detail: run.detail }),
    },
    { atMs: (run.healBeganUs - run.startUs) / 1000, source: 'harness', kind: 'heal', part: run.part },
  ]
  const each = run.steps.flatMap(({ fault, part, atUs, healUs }): TimelineEvent[] => [
    { atMs: (atUs - run.startUs) / 1000, source: 'harness', kind: 'fault', part, detail: fault },
    { atMs: (healUs - run.startUs) / 1000, source: 'harness', kind: 'heal', part, detail: fault },
  ])
  return [...(each.length > 0 ? each : own), ...events].sort((a, b) => a.atMs - b.atMs)
}

/** From the fault to the proxy's first word that the part is out, or the first of several nodes; null: it never said so. */
function detectMs(run: Driven): number | null {
  const faultAtMs = (run.faultUs - run.startUs) / 1000
  const hit = run.hits === 'nodes' ? [run.part, ...run.emptied] : [run.part]
  const noticed = run.events.find(
    (event) =>
      event.part !== undefined &&
      hit.includes(event.part) &&
      (event.kind === 'down' || event.kind === 'ejected') &&
      event.atMs >= faultAtMs,
  )
  return noticed ? noticed.atMs - faultAtMs : null
}

function steadyState(
  samples: readonly Sample[],
  run: Driven,
  endUs: number,
  mode: Mode,
  outAtEnd: ReadonlySet<string>,
): FailureRun['steady'] {
  const before = errorShare(samples.filter((sample) => sample.dueUs < run.faultUs))
  const after = errorShare(
    samples
      .filter((sample) => sample.dueUs >= endUs - STEADY_END_MS * 1000)
      .map((sample) =>
        isRefusalOf(sample, outAtEnd) ? { outcome: 'refused_as_expected' as const } : sample,
      ),
  )
  const steady = { before: before <= STEADY_ERROR_SHARE, after: after <= STEADY_ERROR_SHARE }
  if (steady.before && steady.after) return steady
  const when = steady.before ? 'at the end' : 'before the fault'
  const share = ((steady.before ? after : before) * 100).toFixed(1)
  return { ...steady, reason: `${share} % of the ${mode.name} requests failed ${when}` }
}

function isRefusalOf({ outcome, user }: Sample, users: ReadonlySet<string>): boolean {
  return outcome === 'unexpected_401' && users.has(user)
}

function errorShare(samples: readonly Pick<Sample, 'outcome'>[]): number {
  const failed = samples.filter(({ outcome }) => outcome !== 'ok' && outcome !== 'refused_as_expected')
  return samples.length === 0 ? 1 : failed.length / samples.length
}

/** Why there is no time to detect. */
const NOT_DETECTED: Readonly<Record<Driven['hits'], string>> = {
  nodes: 'the proxy never took the node out',
  proxy: 'it was the proxy that was hit',
  store: 'the store was hit, which is never counted as a node’s fault',
  keys: 'no part was hit that the proxy checks',
  mode: 'no part was hit that the proxy checks',
  size: 'a node came and went in order: nothing was to be detected',
  several: 'several parts were hit, one after the other',
}

function toMetrics(recovery: Recovery, detect: number | null, survival: Survival, run: Driven): Metric[] {
  const { lagsMs, unfinished, unclear = 0, acknowledged } = run.probe
  const lostShare = survival.users > 0 ? survival.lost / survival.users : null
  const lag = acknowledged > 0 && unfinished + unclear === 0 ? Math.max(...lagsMs) : null
  return [
    metric('availability', recovery.availability, 'share'),
    metric('lostRequestSeconds', recovery.lostRequestSeconds, 's'),
    metric('detectMs', detect, 'ms', NOT_DETECTED[run.hits], run.hits === 'nodes'),
    run.voidsLogins
      ? metric(
          'recoverMs',
          null,
          'ms',
          'healing logs everybody out: nobody is back before they log in again',
          false,
        )
      : metric('recoverMs', recovery.recoverMs, 'ms', 'never within the run'),
    metric('loginsLostShare', lostShare, 'share', survival.detail),
    metric('failedRequests', recovery.failedRequests, 'requests'),
    metric(
      'revocationLagMs',
      lag,
      'ms',
      acknowledged === 0
        ? 'no logout succeeded'
        : unfinished > 0
          ? 'still accepted at the end'
          : 'a node did not answer, or was in another mode, to the end of the watching',
    ),
  ]
}

/** @param applies false: there is nothing of the kind here, so that its absence is no `never`. */
function metric(
  name: MetricName,
  value: number | null,
  unit: string,
  reason?: string,
  applies = true,
): Metric {
  const known = value !== null && Number.isFinite(value)
  const base = { name, value: known ? value : null, unit, point: 'failure', n: 1, interval: null } as const
  return { ...base, valid: known || applies, ...(known || reason === undefined ? {} : { reason }) }
}

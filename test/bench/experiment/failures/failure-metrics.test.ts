import { describe, expect, it } from 'vitest'
import type { Driven } from '#bench/experiment/failures/drive-failure.ts'
import { failureMetrics } from '#bench/experiment/failures/failure-metrics.ts'
import { DEFAULT_FAILURE_SCHEDULE } from '#bench/experiment/failures/failure-schedule.ts'
import { judgeSamples } from '#bench/experiment/failures/judge-samples.ts'
import type { Sample } from '#bench/load/plan.ts'
import { MODES } from '#contract/modes.ts'
import type { Outcome } from '#contract/outcomes.ts'
import type { Survival } from '#contract/result.ts'

const schedule = {
  ...DEFAULT_FAILURE_SCHEDULE,
  faultAtMs: 4_000,
  healAtMs: 6_000,
  durationMs: 10_000,
  ratePerS: 100,
}
const survival: Survival = {
  users: 10,
  lost: 0,
  lostOfDeadNode: 0,
  allowed: 'always',
  verdict: 'valid',
  detail: 'all 10 logins survived',
}

function samples(outcomeAt: (ms: number) => Outcome): Sample[] {
  return Array.from({ length: 1000 }, (_, seq) => ({
    seq,
    user: `user-${(seq % 10) + 1}`,
    dueUs: seq * 10_000,
    sentUs: seq * 10_000,
    firstByteUs: seq * 10_000,
    doneUs: seq * 10_000 + 1_000,
    outcome: outcomeAt(seq * 10),
    status: 200,
    node: 'node-1',
    reason: '',
    bytesUp: 1,
    bytesDown: 1,
  }))
}

function driven(all: readonly Sample[], events: Driven['events'] = []): Driven {
  const probe = {
    probes: 0,
    acknowledged: 0,
    credentialLifetimeS: 5,
    lagsMs: [],
    unfinished: 0,
    declared: '',
  }
  return {
    samples: all,
    startUs: 0,
    faultUs: 4_000_000,
    healBeganUs: 6_000_000,
    healUs: 6_000_000,
    part: 'node-2',
    steps: [],
    voidsLogins: false,
    detail: undefined,
    hits: 'nodes',
    joined: undefined,
    begun: [],
    emptied: ['node-2'],
    events,
    probe,
    side: {
      logins: [],
      writers: { tried: 0, acknowledged: 0, each: [] },
      intrusions: {
        loggedOut: { asked: 0, accepted: 0, users: { asked: 0, accepted: 0 } },
        forged: { asked: 0, accepted: 0, lastAcceptUs: 0 },
      },
      loginCpuMs: null,
    },
  }
}

describe('the metrics of a failure run', () => {
  it('time the proxy from the fault to its first word about the part that was hit', () => {
    const all = samples(() => 'ok')
    const events = [
      { atMs: 1_000, source: 'proxy', kind: 'down', part: 'node-2' },
      { atMs: 4_050, source: 'proxy', kind: 'ejected', part: 'node-1' },
      { atMs: 4_120, source: 'proxy', kind: 'ejected', part: 'node-2' },
    ] as const
    const { metrics } = failureMetrics(all, driven(all, events), MODES.jwt, schedule, survival)
    expect(metrics.find((metric) => metric.name === 'detectMs')?.value).toBe(120)
  })

  it('time the proxy to its first word about any of the nodes that were restarted in turn', () => {
    const all = samples(() => 'ok')
    const events = [
      { atMs: 3_000, source: 'proxy', kind: 'down', part: 'node-1' },
      { atMs: 4_070, source: 'proxy', kind: 'down', part: 'node-1' },
      { atMs: 4_900, source: 'proxy', kind: 'ejected', part: 'node-2' },
    ] as const
    const emptied = ['node-1', 'node-2']
    const restarted: Driven = { ...driven(all, events), part: 'all nodes', emptied }
    const detectOf = (run: Driven) =>
      failureMetrics(all, run, MODES.jwt, schedule, survival).metrics.find(({ name }) => name === 'detectMs')
    expect(detectOf(restarted)?.value).toBe(70)
    expect(detectOf({ ...restarted, part: 'several', hits: 'several' })).toMatchObject({
      value: null,
      valid: false,
    })
  })

  it('say never where the proxy never noticed', () => {
    const all = samples(() => 'ok')
    const { metrics } = failureMetrics(all, driven(all), MODES.jwt, schedule, survival)
    expect(metrics.find((metric) => metric.name === 'detectMs')).toMatchObject({
      value: null,
      reason: 'the proxy never took the node out',
    })
  })

  it('do not call a run steady that failed before the fault', () => {
    const all = samples((ms) => (ms < 2_000 ? '502_proxy' : 'ok'))
    const { steady } = failureMetrics(all, driven(all), MODES.jwt, schedule, survival)
    expect(steady).toMatchObject({ before: false, after: true })
    expect(steady.reason).toContain('50.0 % of the jwt requests failed before the fault')
  })

  it('do not call a run steady that still failed at its end', () => {
    const all = samples((ms) => (ms > 9_500 ? 'reset' : 'ok'))
    expect(failureMetrics(all, driven(all), MODES.jwt, schedule, survival).steady).toMatchObject({
      before: true,
      after: false,
    })
  })

  it('call an end steady whose refusals are all of users known to be out', () => {
    const all = samples((ms) => (ms > 9_500 ? 'unexpected_401' : 'ok'))
    const everybody = new Set(all.map(({ user }) => user))
    const known = failureMetrics(all, driven(all), MODES.jwt, schedule, survival, everybody)
    expect(known.steady.after).toBe(true)
    everybody.delete('user-1')
    const unknown = failureMetrics(all, driven(all), MODES.jwt, schedule, survival, everybody)
    expect(unknown.steady.after).toBe(false)
  })

  it('mark fault and heal among the events, in order of time', () => {
    const all = samples(() => 'ok')
    const events = [{ atMs: 5_000, source: 'proxy', kind: 'down', part: 'node-2' }] as const
    const { events: marked } = failureMetrics(all, driven(all, events), MODES.jwt, schedule, survival)
    expect(marked.map((event) => event.kind)).toEqual(['fault', 'down', 'heal'])
  })
})

describe('the judgement of samples', () => {
  const refused = samples((ms) => (ms >= 4_000 ? 'unexpected_401' : 'ok'))
  const run = { samples: refused, faultUs: 4_000_000 }
  const ofDeadNode = new Set(['user-1', 'user-2'])

  it('expects refusals of the dead node’s users where the table announces them', () => {
    const judged = judgeSamples(run, MODES.sticky, ofDeadNode)
    expect(judged.filter((sample) => sample.outcome === 'refused_as_expected')).toHaveLength(120)
    expect(judged.filter((sample) => sample.outcome === 'unexpected_401')).toHaveLength(480)
  })

  it('excuses nothing in a mode that promises survival', () => {
    const judged = judgeSamples(run, MODES.redis, ofDeadNode)
    expect(judged.filter((sample) => sample.outcome === 'unexpected_401')).toHaveLength(600)
  })
})

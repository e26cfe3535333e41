import { expect, it } from 'vitest'
import { chartsOf } from '#bench/report/charts/charts-of.ts'
import { renderHtml } from '#bench/report/html/report.ts'
import { renderSummary } from '#bench/report/markdown/summary.ts'
import { questionOf } from '#bench/report/story/question.ts'
import { outageTable } from '#bench/report/table/outage-table.ts'
import { createPaint } from '#bench/report/terminal/paint.ts'
import { renderRuns } from '#bench/report/terminal/run-report.ts'
import { printTable } from '#bench/report/terminal/text-table.ts'
import type { OutageLedger } from '#contract/outage.ts'
import type { FailureRun, RunResult } from '#contract/result.ts'
import { failureRun, fixture } from '../fixture.ts'

const outage: OutageLedger = {
  policy: 'closed',
  lookups: { asked: 300, ok: 0, unavailable: 300, slowestMs: 209.4 },
  revoked: { during: { asked: 24, accepted: 0 }, after: { asked: 70, accepted: 0 } },
  forged: { during: { asked: 12, accepted: 0 }, after: { asked: 35, accepted: 0 } },
  logins: { tried: 6, made: 0 },
  logouts: { tried: 6, acknowledged: 0, unsure: 0 },
  backMs: 331,
  lastWrongMs: 312,
}
const run = (facts: Partial<FailureRun>, seen: Partial<OutageLedger> = {}): FailureRun =>
  ({
    mode: 'redis',
    fault: 'kill-redis',
    steady: { before: true, after: true },
    ...facts,
    outage: { ...outage, ...seen },
  }) as FailureRun
const print = (...failures: FailureRun[]) =>
  printTable(outageTable({ failures } as unknown as RunResult), 100, createPaint(false))

it('the picture of an outage names the policy that it shows, where there is one', () => {
  const failures = [null, 'stale', 'open'].map((policy) => ({
    ...failureRun('redis'),
    fault: 'kill-redis' as const,
    outage: { ...outage, policy } as OutageLedger,
  }))
  const timelines = chartsOf(fixture({ failures })).filter(({ id }) => id.startsWith('failure-'))
  expect(timelines.map(({ title }) => title)).toEqual([
    'redis: kill-redis under load',
    'redis, stale: kill-redis under load',
    'redis, open: kill-redis under load',
  ])
  expect(timelines[2]?.description).toMatch(/^redis, open: kill-redis from/)
})

it('a result of outages is reported as such, whoever prints it again', () => {
  const failures = [
    { ...failureRun('redis'), fault: 'kill-redis', outage },
    { ...failureRun('redis'), fault: 'slow-redis', outage: { ...outage, policy: 'open' } },
  ] as const
  const result = fixture({ kind: 'chaos', arms: [], failures })
  const text = renderRuns([result], { colour: false, width: 100 })
  for (const printed of [text, renderSummary(result), renderHtml(result)]) {
    expect(printed).toContain('Redis away: what is answered, and who gets in')
    expect(printed).not.toContain('Every fault in every mode')
  }
  expect(questionOf(result)).toBe('Redis is away: who is served, and who gets in?')
})

it('a row is a policy and a state of Redis: who is served, who gets in, what is made, when all is right', () => {
  const revoked = { ...outage.revoked, during: { asked: 24, accepted: 24 } }
  const lookups = { asked: 300, ok: 290, unavailable: 0, slowestMs: 12 }
  const text = print(
    run({}),
    run({ fault: 'cut-redis-from-one-node' }, { policy: 'stale', revoked, lookups, backMs: null }),
    run({ mode: 'jwt-denylist', fault: 'silent-redis' }, { policy: null, lastWrongMs: 0 }),
  )
  expect(text.split('\n').filter((line) => line.length > 100)).toEqual([])
  expect(text).toMatch(/closed × killed +0 +0 +209 +0\/24 +0\/12 +0\/105 +0\/6 +0\/6 +331 ms +312 ms/)
  expect(text).toMatch(/stale × cut from one +96\.7 +3\.33 +12 +24\/24 .* never +312 ms/)
  expect(text).toMatch(/jwt-denylist × silent .* 331 ms +0$/m)
})

it('a run that was not steady has no figures, and says why', () => {
  const text = print(run({ steady: { before: true, after: false, reason: '9 % failed at the end' } }))
  expect(text).toMatch(/closed × killed¹ +– +– +–/)
  expect(text).toContain('¹ Counts for nothing, since it was not steady: 9 % failed at the end')
})

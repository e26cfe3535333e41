import { expect, it } from 'vitest'
import { renderHtml } from '#bench/report/html/report.ts'
import { modeNames } from '#bench/report/story/mode-names.ts'
import { questionOf } from '#bench/report/story/question.ts'
import type { FaultName, ModeName } from '#contract/modes.ts'
import { failureRun, fixture } from './fixture.ts'

const chaos = (...faults: FaultName[]) =>
  fixture({ kind: 'chaos', arms: [], failures: faults.map((fault) => ({ ...failureRun('redis'), fault })) })

it.each([
  [[], 'Who is still in?'],
  [['kill-node', 'kill-redis'], 'Who is still in after the crash?'],
  [['slow-redis', 'slow-redis'], 'Who is still in, and what fails, through slow-redis?'],
  [['slow-redis', 'kill-node'], 'Who is still in through 2 kinds of fault?'],
] as const)('a crash is called one, and nothing else is: %j', (faults, question) => {
  expect(questionOf(chaos(...faults))).toBe(question)
})

it('a reader who ran nothing is told what the modes are, by the store that the run had', () => {
  const { configuration } = fixture()
  const run = fixture({ configuration: { ...configuration, store: 'postgres', modes: ['redis', 'jwt'] } })
  const [redis, jwt] = modeNames(run)
  expect([redis?.name, redis?.value]).toEqual(['redis', expect.stringContaining('PostgreSQL')])
  expect(jwt?.value).toContain('a signed access token')
  const html = renderHtml(run)
  expect(html.indexOf('The names stand for')).toBeGreaterThan(html.indexOf('class="sentences"'))
  expect(html.indexOf('The names stand for')).toBeLessThan(html.indexOf('id="table"'))
})

it('names no mode where none is compared, or that this version does not know', () => {
  expect(modeNames(fixture({ kind: 'proxies' }))).toEqual([])
  const { configuration } = fixture()
  const later = ['jwt-someday' as ModeName]
  expect(modeNames(fixture({ configuration: { ...configuration, modes: later } }))).toEqual([])
})

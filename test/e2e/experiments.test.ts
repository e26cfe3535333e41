import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BENCH_SETTINGS } from '#bench/experiment/costs/bench-settings.ts'
import { runExperiment } from '#bench/experiment/run-experiment.ts'
import { EXIT } from '#contract/errors.ts'
import type { RunResult } from '#contract/result.ts'
import { runStillin, withFolder } from './run-stillin.ts'

/** The commands themselves, on a real cluster, as short as they go. Figures are not judged here: only what they are made of. */

const QUICK = { windowMs: 200, leadMs: 50, tailMs: 20, warmUpMaxMs: 300, connections: 4, users: 8 } as const
const LAB_OPTIONS = {
  nodes: 2,
  users: 10,
  forwarder: 'http-proxy',
  jwtAlgorithm: 'HS256',
  jwtVerifier: 'jose',
  redisUrl: undefined,
  plant: undefined,
} as const

function readResult(folder: string): RunResult {
  return JSON.parse(readFileSync(join(folder, 'results/latest/result.json'), 'utf8')) as RunResult
}

describe('stillin bench', () => {
  it(
    'leaves windows of both points, every answer accounted for, and files that say so',
    { timeout: 90_000 },
    () =>
      withFolder(async (folder) => {
        const run = runStillin(folder, [
          'bench',
          '--modes',
          'local,jwt',
          '--rounds',
          '1',
          '--window-ms',
          '200',
          '--rate',
          '50',
          '--sessions',
          '3000',
        ])
        const { code, stdout, stderr } = await run.ended
        const result = readResult(folder)
        expect(stderr).toBe('')
        expect(code).toBe(result.valid ? EXIT.ok : EXIT.invalid)
        expect(stdout).toContain('equal rate, 50/s')
        expect(result.arms.map(({ arm }) => arm)).toEqual(['baseline', 'local', 'jwt'])
        expect(result.windows).toHaveLength(2 * (2 + 1 + 1))
        for (const arm of result.arms)
          expect(arm.outcomes.saturated).toMatchObject({ wrong_user: 0, reset: 0 })
        const local = result.arms.find(({ arm }) => arm === 'local')
        expect(local?.outcomes.saturated.refused_as_expected).toBe(0)
        expect(local?.outcomes['equal-rate'].unexpected_401).toBe(0)
        expect(result.checks.filter(({ name, ok }) => name === 'canaries' && ok)).toHaveLength(2)
        const filled = result.checks.filter(({ name }) => name.includes('3,000 live sessions are there'))
        expect(filled).toMatchObject([{ name: expect.stringMatching(/^local:/), ok: true }])
        expect(filled[0]?.detail).toContain('counted 3,000;')
        for (const file of ['summary.md', 'report.html'])
          expect(existsSync(join(folder, 'results/latest', file))).toBe(true)
        expect(readlinkSync(join(folder, 'results/latest'))).toBe(result.id)
      }),
  )

  it('refuses what it cannot do, and names the flag', () =>
    withFolder(async (folder) => {
      const { code, stderr } = await runStillin(folder, ['bench', '--rounds', '0']).ended
      expect(code).toBe(EXIT.usage)
      expect(stderr).toContain('--rounds')
    }))
})

describe('stillin chaos', () => {
  it('finds the logins of the killed node lost with sticky, and nobody else’s', { timeout: 90_000 }, () =>
    withFolder(async (folder) => {
      await runStillin(folder, ['chaos', '--modes', 'sticky', '--rate', '100']).ended
      const [run] = readResult(folder).failures
      expect(run?.survival).toMatchObject({ users: 300, lost: 100, lostOfDeadNode: 100, verdict: 'valid' })
      expect(run?.events.some((event) => event.kind === 'fault')).toBe(true)
      expect(run?.events.some((event) => event.source === 'proxy' && event.part === victimOf(run))).toBe(true)
      expect(run?.revocation).toMatchObject({
        probes: 12,
        acknowledged: 12,
        unfinished: 0,
        declared: 'at-once',
      })
      expect(run?.outcomes.stale_accept).toBe(0)
    }),
  )
})

describe('an interrupted run', () => {
  it('keeps what was measured until then, and says that it was interrupted', {
    timeout: 90_000,
  }, async () => {
    const interruption = new AbortController()
    const progress = {
      update: (text: string) => text.startsWith('round 2') && interruption.abort(),
      note: () => {},
    }
    const experiment = {
      kind: 'bench',
      lab: { ...LAB_OPTIONS, modes: ['cookie'] },
      seed: 1,
      command: 'stillin bench',
      costs: { ...BENCH_SETTINGS, ...QUICK, via: 'proxy', rounds: 30, ratePerS: 50, seed: 1 },
      failures: undefined,
    } as const
    const { result } = await runExperiment(experiment, progress, interruption.signal)
    expect(result).toMatchObject({ interrupted: true, valid: false })
    expect(result.windows).toHaveLength(2 * (2 + 1))
    expect(new Set(result.windows.map((row) => row.round))).toEqual(new Set([1]))
  })
})

function victimOf(run: RunResult['failures'][number]): string | undefined {
  return run.events.find((event) => event.kind === 'fault')?.part
}

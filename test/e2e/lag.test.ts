import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { EXIT } from '#contract/errors.ts'
import type { RunResult } from '#contract/result.ts'
import { runStillin, withFolder } from './run-stillin.ts'

/** A node that loses what is pushed to it and never repairs that: only a watching that goes on beyond the heal can see it. */
const PLANTED = { NODE_ENV: 'test', STILLIN_PLANT: 'pushed-without-repair' }

it(
  'stillin lag finds what one node goes on accepting after Redis was cut off from it, and where',
  {
    timeout: 90_000,
  },
  () =>
    withFolder(async (folder) => {
      const args = ['--modes', 'jwt-pushed', '--fault', 'cut-redis-from-one-node', '--for', '500ms']
      const run = runStillin(folder, ['lag', ...args, '--probes', '2', '--nodes', '2', '--json'], PLANTED)
      const { code, stdout } = await run.ended
      const file = readFileSync(join(folder, 'results/latest/result.json'), 'utf8')
      const { kind, lags } = JSON.parse(file) as RunResult
      const [lag] = lags?.underFault ?? []
      expect(JSON.parse(stdout)).toEqual(lag)
      expect(kind).toBe('lag')
      expect(lag).toMatchObject({
        mode: 'jwt-pushed',
        steady: true,
        part: expect.stringMatching(/^node-[12]$/),
      })
      expect(lag?.probes.filter(({ end }) => end === 'unsure')).toEqual([])
      const during = lag?.rows.find(({ when }) => when === 'during')
      // Through the node that was cut off nobody was told so; what was told through the other one never reached it.
      expect(during?.ends.refused).toBeGreaterThan(0)
      expect(during).toMatchObject({ verdict: 'beyond' })
      for (const { hit, unfinished, lag: seen } of during?.nodes ?? [])
        expect([unfinished > 0, seen.max > 1_000]).toEqual([hit, hit])
      expect(code).toBe(EXIT.invalid)
    }),
)

import { describe, expect, it } from 'vitest'
import type { DemoMode } from '#contract/demo.ts'
import { EXIT } from '#contract/errors.ts'
import type { Life } from '#contract/life.ts'
import { runStillin, withFolder } from './run-stillin.ts'

/** What is shown to people, from the real commands on real clusters. */

async function linesOf<Line>(args: readonly string[]): Promise<Line[]> {
  return await withFolder(async (folder) => {
    const { code, stdout, stderr } = await runStillin(folder, args).ended
    expect(stderr).toBe('')
    expect(code).toBe(EXIT.ok)
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
  })
}

const answers = (demo: DemoMode | undefined, step: number) =>
  demo?.steps[step]?.nodes.map(({ answer }) => answer).sort()

describe('stillin demo', () => {
  it('shows what a crash and a logout do, mode by mode', { timeout: 60_000 }, async () => {
    const [local, redis, jwt] = await linesOf<DemoMode>(['demo', '--modes', 'local,redis,jwt', '--json'])
    expect(answers(local, 0)).toEqual(['in', 'out', 'out'])
    expect(answers(local, 1)).toEqual(['dead', 'out', 'out'])
    expect(local?.steps[0]?.viaProxy).toEqual({ asked: 6, accepted: 2 })
    expect(answers(redis, 0)).toEqual(['in', 'in', 'in'])
    expect(answers(redis, 1)).toEqual(['dead', 'in', 'in'])
    expect(redis?.steps[1]?.viaProxy).toEqual({ asked: 6, accepted: 6 })
    expect(answers(redis, 2)).toEqual(['out', 'out', 'out'])
    expect(answers(jwt, 2)).toEqual(['in', 'in', 'in'])
    expect(jwt?.sentence).toContain('still accepts the old credential')
  })
})

describe('stillin life', () => {
  it('tells a login from its beginning to after its end', { timeout: 60_000 }, async () => {
    const [redis, jwt] = await linesOf<Life>(['life', '--modes', 'redis,jwt', '--json'])
    const statuses = (life: Life | undefined) => life?.steps.map(({ status }) => status)
    expect(statuses(redis)).toEqual([200, 200, 200, 200, 200, 200, 200, 204, 401, 401, 401, 401])
    expect(statuses(jwt)).toEqual([200, 200, 200, 200, 200, 200, 200, 204, 200, 200, 200, 200])
    expect(jwt?.steps[0]?.answer).toMatch(/a token of \d+ bytes/)
    expect(redis?.steps[7]?.answer).toContain('takes hold: at-once')
  })
})

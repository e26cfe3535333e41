import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseHistory } from '#bench/check/parse-history.ts'
import { EXIT } from '#contract/errors.ts'
import { runCommand } from '../cli/run-command.ts'
import { withFolder } from './run-stillin.ts'

it(
  'stillin drill records what users of a real cluster saw, finds nothing broken, and keeps no secret',
  {
    timeout: 90_000,
  },
  () =>
    withFolder(async (folder) => {
      // In tests the nodes have gates: the races that they decide are run too.
      const { code, out, err } = await runCommand(['drill', '--modes', 'redis', '--seconds', '1'], folder, {
        NODE_ENV: 'test',
      })
      expect(err).toBe('')
      expect(out).not.toContain('INVALID')
      expect(code).toBe(EXIT.ok)
      const text = readFileSync(join(folder, 'results/drill-redis-1/history.ndjson'), 'utf8')
      const { header, lines } = parseHistory(text, 'history.ndjson')
      expect(header).toMatchObject({ mode: 'redis', seed: 1, sessionsPerUser: 5 })
      expect(lines.some(({ op }) => op === 'silence')).toBe(true)
      expect(new Set(lines.map(({ node }) => node)).size).toBeGreaterThan(2)
      expect(text).not.toMatch(/stillin_session|Bearer|eyJ|correct-horse/)
    }),
)

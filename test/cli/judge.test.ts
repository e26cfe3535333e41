import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { formatHistory } from '#bench/check/parse-history.ts'
import { EXIT } from '#contract/errors.ts'
import type { History } from '#contract/history.ts'
import { login, logout, written } from '../bench/check/written-history.ts'
import { runCommand, workingFolder } from './run-command.ts'

const lookup = { op: 'lookup', credential: 'a/1', node: 'node-2' } as const
const good = written([
  [0, 5, login('a')],
  [6, 7, lookup],
])
const late = written([
  [0, 5, login('a')],
  [10, 12, logout('a')],
  [13, 14, lookup],
])

async function judge(history: History | string, ...flags: string[]) {
  await using folder = await workingFolder()
  const text = typeof history === 'string' ? history : formatHistory(history)
  await writeFile(join(folder.path, 'history.ndjson'), text)
  return await runCommand(['judge', 'history.ndjson', ...flags], folder.path)
}

it('stillin judge ends with 0 where nothing is broken, in plain text', async () => {
  const { code, out } = await judge(good)
  expect(out).toMatch(/valid\s+no-false-logout\s+0/)
  expect(out.split('\n').every((line) => line.length <= 100)).toBe(true)
  expect(code).toBe(EXIT.ok)
})

it('stillin judge ends with 3 where a promise is broken, and prints the operations in order', async () => {
  const { code, out } = await judge(late)
  expect(out).toMatch(/revocations-hold, broken once; the first:/)
  expect(out).toMatch(/#0 .* login .*\n.*#1 .* logout .*\n.*#2 +13\.0–14\.0 ms +u +lookup +node-2/)
  expect(code).toBe(EXIT.invalid)
})

it('stillin judge --json --mode judges by another mode’s promises, a line a mode', async () => {
  const { code, out } = await judge(late, '--json', '--mode', 'jwt')
  expect(JSON.parse(out)).toMatchObject({ mode: 'jwt', operations: 3, verdict: 'valid' })
  expect(code).toBe(EXIT.ok)
})

it('stillin judge ends with 2 for a file that is no history, naming line and field', async () => {
  const { code, err } = await judge('{"history":1,"mode":"redis","seed":1,"nodes":3}\n{"seq":-1}\n')
  expect(err).toMatch(/history\.ndjson, line 2: seq: expected a whole number, not negative, got -1/)
  expect(code).toBe(EXIT.usage)
})

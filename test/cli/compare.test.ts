import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createProgram } from '#bench/cli/program.ts'
import { fixture } from '../bench/report/fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'stillin-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function written(name: string, id: string): string {
  const file = join(folder, `${name}.json`)
  writeFileSync(file, JSON.stringify({ ...fixture(), id }))
  return file
}

/** What is said beside the table. */
async function notesOf(a: string, b: string): Promise<string> {
  const said: string[] = []
  const args = ['compare', a, b, '--force']
  const program = await createProgram(
    {
      environment: {},
      folder,
      signal: new AbortController().signal,
      print: () => {},
      note: (text) => void said.push(text),
      colour: false,
      width: 100,
      interactive: false,
      exitWith: () => {},
    },
    args,
  )
  await program.parseAsync(args, { from: 'user' })
  return said.join('\n')
}

it('a comparison of a run with itself says so, and of two runs does not', async () => {
  const [one, same, other] = [written('a', 'run-1'), written('b', 'run-1'), written('c', 'run-2')]
  expect(await notesOf(one, same)).toContain('one and the same run')
  expect(await notesOf(one, other)).toBe('')
})

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CommandContext } from '#bench/cli/command-context.ts'
import { finishMatrix } from '#bench/cli/finish-matrix.ts'
import { openPartialFile } from '#bench/experiment/matrix/partial-file.ts'
import { failureRun, fixture } from '../bench/report/fixture.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stillin-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const RUN = failureRun('redis')
const RESULT = fixture({
  kind: 'chaos',
  failures: [RUN],
  comparisons: [],
  matrix: { cells: 1, run: 1, takenUp: 0 },
})

/** Finishes a matrix whose one cell was kept. @returns whether it is kept still. */
async function finished(result: typeof RESULT, isComplete: boolean): Promise<boolean> {
  const path = join(folder, 'matrix.partial.ndjson')
  const kept = openPartialFile(path, {}, false)
  kept.add(RUN)
  const context = { folder, print: () => {}, exitWith: () => {}, colour: false, width: 100 }
  const done = finishMatrix(context as unknown as CommandContext, { result, isComplete }, kept, {
    out: folder,
  })
  await done.catch((error: Error) => expect(error.message).toContain('schema'))
  return existsSync(path)
}

describe('the cells kept of a matrix', () => {
  it('go when the result that holds them is written', async () => {
    expect(await finished(RESULT, true)).toBe(false)
    expect(existsSync(join(folder, RESULT.id, 'result.json'))).toBe(true)
  })

  it('stay where the result could not be written, or is not complete', async () => {
    expect(await finished({ ...RESULT, seed: 'one' as unknown as number }, true)).toBe(true)
    expect(existsSync(join(folder, RESULT.id))).toBe(false)
    expect(await finished(RESULT, false)).toBe(true)
  })
})

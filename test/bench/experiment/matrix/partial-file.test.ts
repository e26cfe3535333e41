import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPartialFile } from '#bench/experiment/matrix/partial-file.ts'
import type { FailureRun } from '#contract/result.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stillin-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const CELL = { mode: 'redis', fault: 'kill-redis' } as FailureRun

describe('the cells kept while a matrix runs', () => {
  it('are there again when it is taken up, also where the last line was cut off', () => {
    const path = join(folder, 'deep', 'matrix.ndjson')
    openPartialFile(path, 'stillin chaos --matrix', false).add(CELL)
    appendFileSync(path, '{"mode":"jw')
    expect(openPartialFile(path, 'stillin chaos --matrix', true).done).toEqual([CELL])
  })

  it('are not mixed with those of another matrix', () => {
    const path = join(folder, 'matrix.ndjson')
    openPartialFile(path, 'stillin chaos --matrix --short', false).add(CELL)
    expect(() => openPartialFile(path, 'stillin chaos --matrix', true)).toThrow('was begun by')
    expect(openPartialFile(path, 'stillin chaos --matrix', false).done).toEqual([])
  })

  it('are gone when it is complete, and then there is nothing to take up', () => {
    const path = join(folder, 'matrix.ndjson')
    openPartialFile(path, 'stillin chaos --matrix', false).remove()
    expect(existsSync(path)).toBe(false)
    expect(() => openPartialFile(path, 'stillin chaos --matrix', true)).toThrow('--resume: there is no')
  })
})

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
const BEGUN = { nodes: '3', short: 'false' }

describe('the cells kept while a matrix runs', () => {
  it('are there again when it is taken up, also where the last line was cut off', () => {
    const path = join(folder, 'deep', 'matrix.ndjson')
    openPartialFile(path, BEGUN, false).add(CELL)
    appendFileSync(path, '{"mode":"jw')
    const taken = openPartialFile(path, BEGUN, true)
    expect(taken.done).toEqual([CELL])
    const other = { ...CELL, mode: 'jwt' } as FailureRun
    taken.add(other)
    expect(openPartialFile(path, BEGUN, true).done).toEqual([CELL, other])
  })

  it('are not mixed with those of another matrix: what differs is named', () => {
    const path = join(folder, 'matrix.ndjson')
    openPartialFile(path, BEGUN, false).add(CELL)
    const now = { nodes: '2', short: 'false', jwtVerifier: 'node' }
    expect(() => openPartialFile(path, now, true)).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: expect.stringContaining('nodes was 3 and is 2; jwtVerifier was not set and is node'),
      }),
    )
  })

  it('are put aside, not thrown away, where another is begun, and only when that has a cell', () => {
    const path = join(folder, 'matrix.ndjson')
    openPartialFile(path, BEGUN, false).add(CELL)
    const next = openPartialFile(path, BEGUN, false)
    expect(next.done).toEqual([])
    expect(existsSync(join(folder, 'matrix.before.ndjson'))).toBe(false)
    next.add({ ...CELL, mode: 'jwt' } as FailureRun)
    expect(next.aside).toBe(join(folder, 'matrix.before.ndjson'))
    expect(openPartialFile(join(folder, 'matrix.before.ndjson'), BEGUN, true).done).toEqual([CELL])
  })

  it('are gone when it is complete, and then there is nothing to take up', () => {
    const path = join(folder, 'matrix.ndjson')
    const kept = openPartialFile(path, BEGUN, false)
    kept.add(CELL)
    kept.remove()
    expect(existsSync(path)).toBe(false)
    expect(() => openPartialFile(path, BEGUN, true)).toThrow('--resume: there is no')
  })
})

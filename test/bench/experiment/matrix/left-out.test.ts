import { describe, expect, it } from 'vitest'
import type { LabOptions } from '#bench/experiment/lab/lab.ts'
import { announceMatrix } from '#bench/experiment/matrix/announce.ts'
import { describeBegun } from '#bench/experiment/matrix/begun.ts'
import { skippedWords, withoutMeaning } from '#bench/experiment/matrix/left-out.ts'

describe('what a matrix leaves out', () => {
  it('names every fault without a meaning once, with the modes that give it none', () => {
    const [redis, ...others] = withoutMeaning(['cookie', 'jwt', 'redis'])
    expect(redis).toMatch(/^kill-redis, pause-redis, .*: no meaning in cookie, jwt, by the mode table$/)
    expect(others.join()).toContain('full-memory')
    expect(withoutMeaning([])).toEqual([])
  })

  it('is a sentence a reason, with the modes only where not all of them are meant', () => {
    const wanted = [
      { fault: 'kill-node', mode: 'redis' },
      { fault: 'kill-node', mode: 'jwt' },
      { fault: 'kill-redis', mode: 'redis' },
    ] as const
    const skipped = [
      { ...wanted[1], reason: 'no time left' },
      { ...wanted[2], reason: 'no time left' },
    ]
    expect(skippedWords(skipped, wanted)).toEqual([
      '2 of 3 cells, no time left: kill-node in jwt; kill-redis',
    ])
  })
})

describe('a matrix that begins', () => {
  it('says how many cells it has and how long they take', () => {
    expect(announceMatrix(24, 0, 200, undefined)).toBe('matrix: 24 cells: about 4 min')
    expect(announceMatrix(24, 3, 60, 30_000)).toBe(
      'matrix: 24 cells, 3 of them taken up: about 60 s; what does not fit into 30 s is left out, and --resume goes on',
    )
  })

  it('remembers all that decides what a cell shows, and no password', async () => {
    const lab = {
      modes: ['redis'],
      nodes: 3,
      redisUrl: 'redis://me:secret@10.0.0.9:6379',
    } as unknown as LabOptions
    const begun = await describeBegun(lab, { seed: 1, ratePerS: 300, short: true })
    expect(begun).toMatchObject({ nodes: '3', seed: '1', short: 'true', redisUrl: '10.0.0.9:6379' })
    expect(begun['version']).toMatch(/^[0-9a-f]{7,40}$|package/)
  })
})

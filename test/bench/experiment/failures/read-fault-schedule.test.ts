import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readFaultSchedule } from '#bench/experiment/failures/read-fault-schedule.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stillin-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function read(content: unknown) {
  const path = join(folder, 'faults.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return readFaultSchedule(path)
}

describe('a file with a schedule of faults', () => {
  it('says what strikes when, for as long as that fault usually lasts unless it says otherwise', () => {
    const steps = read([
      { fault: 'kill-node', at: '2s' },
      { fault: 'pause-node', at: '6.5s', for: '800ms' },
    ])
    expect(steps).toEqual([
      { fault: 'kill-node', atMs: 2_000, forMs: 1_500 },
      { fault: 'pause-node', atMs: 6_500, forMs: 800 },
    ])
  })

  it.each([
    ['no JSON', '{', 'faults.json'],
    ['no list', { fault: 'kill-node' }, 'array'],
    ['nothing in it', [], '1'],
    ['an unknown fault', [{ fault: 'meteor', at: '2s' }], '/0/fault'],
    ['an unknown member', [{ fault: 'kill-node', at: '2s', till: '3s' }], '/0'],
    ['no time', [{ fault: 'kill-node', at: 'noon' }], '/0/at'],
    ['a fault before anything can be seen to be steady', [{ fault: 'kill-node', at: '100ms' }], '/0/at'],
    [
      'a fault while another lasts',
      [
        { fault: 'kill-node', at: '2s', for: '3s' },
        { fault: 'pause-node', at: '4s' },
      ],
      '/1/at',
    ],
  ])('is refused with %s, by name', (_what, content, named) => {
    expect(() => read(content)).toThrow(named)
  })

  it('is refused where it is not there', () => {
    expect(() => readFaultSchedule(join(folder, 'none.json'))).toThrow('--schedule')
  })
})

import { describe, expect, it } from 'vitest'
import { renderStatus } from '#bench/report/terminal/cluster-status.ts'

describe('renderStatus', () => {
  it('names mode and parts, hides a password, and stays within 100 columns', () => {
    const parts = [
      { id: 'node-1', kind: 'node', condition: 'stopped' },
      {
        id: 'redis',
        kind: 'redis',
        condition: 'ready',
        pid: 7,
        url: `redis://:secret@${'a'.repeat(90)}:6379`,
      },
    ] as const
    const text = renderStatus(
      { mode: 'sticky', generation: 3, canSignal: true, parts },
      { colour: false, width: 100 },
    )
    expect(text).toContain('mode sticky, generation 3')
    expect(text).toMatch(/node-1 +stopped +– +–/)
    expect(text).not.toContain('secret')
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([])
  })
})

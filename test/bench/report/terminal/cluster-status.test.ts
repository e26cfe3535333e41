import { describe, expect, it } from 'vitest'
import { renderStatus } from '#bench/report/terminal/cluster-status.ts'
import { HEALTHY_LINK } from '#contract/links.ts'

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

  it('says which links are not as they were, and a renewal that was set since', () => {
    const link = { from: 'node-1', to: 'redis', port: 1 }
    const text = renderStatus(
      {
        mode: 'redis',
        generation: 1,
        canSignal: true,
        parts: [],
        renewal: { renewal: 'pair', refresh: 'stateless' },
        links: [
          { ...link, condition: { ...HEALTHY_LINK, delayMs: 50 } },
          { ...link, from: 'node-2', condition: HEALTHY_LINK },
        ],
      },
      { colour: false, width: 100 },
    )
    expect(text.split('\n').slice(-2)).toEqual([
      '  renewal: pair, refresh tokens stateless',
      '  node-1 → redis: 50 ms more a round trip',
    ])
  })
})

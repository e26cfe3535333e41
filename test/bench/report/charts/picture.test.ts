import { describe, expect, it } from 'vitest'
import { failureTimelineOption } from '#bench/report/charts/failure-timeline-option.ts'
import { picturesOf } from '#bench/report/charts/picture.ts'
import { failureRun, fixture } from '../fixture.ts'

describe('a picture that is passed on', () => {
  it('carries its title, the run and the machine', () => {
    const [picture] = picturesOf(fixture({ failures: [] }))
    expect(picture?.svg).toContain('CPU time of a lookup')
    expect(picture?.svg).toContain(`stillin verdict ${fixture().id}, 2 cores, Example CPU`)
    expect(picture?.svg).not.toContain('NOT VALID')
  })

  it('takes no markup and no path from a mode’s name, which is also its file’s', () => {
    const mode = '../../x"><script>alert(1)</script>' as 'redis'
    const [picture] = picturesOf(
      fixture({ arms: [], comparisons: [], failures: [{ ...failureRun('redis'), mode }] }),
    )
    expect(picture?.name).toBe('failure-1--x-script-alert-1-script-')
    expect(picture?.svg).not.toContain('<script')
  })

  it('carries what the numbers of a failure’s events stand for, also those of nodes', () => {
    const run = failureRun('sticky')
    const events = [...run.events, { atMs: 5_000, source: 'node', kind: 'ready', part: 'node-2' } as const]
    const pictures = picturesOf(fixture({ failures: [{ ...run, events }] }))
    const timeline = pictures.find(({ name }) => name === 'failure-1-sticky')
    expect(timeline?.svg).toContain('s, fault: node-2</text>')
    expect(timeline?.svg).toContain('s, proxy: node-2 ejected (3 failures in a row)</text>')
    expect(timeline?.svg).toContain(`${events.length}: 5.00 s, node-2 ready</text>`)
  })

  it('draws shares of what was due, so that a full service is a full picture however arrivals vary', () => {
    const run = failureRun('redis')
    const bins = run.bins.map((bin, at) => ({ ...bin, intended: 20 + at, outcomes: { ok: 20 + at } }))
    const option = failureTimelineOption({ ...run, bins }, { width: 900, narrow: false })
    const [accepted] = option.series as { data: [number, number][] }[]
    expect(new Set(accepted?.data.map(([, share]) => share))).toEqual(new Set([100]))
  })

  it('says so where the run is not valid', () => {
    for (const { svg } of picturesOf(fixture({ failures: [], valid: false })))
      expect(svg).toContain('NOT VALID: do not use.')
  })
})

import { describe, expect, it } from 'vitest'
import { picturesOf } from '#bench/report/charts/picture.ts'
import { fixture } from '../fixture.ts'

describe('a picture that is passed on', () => {
  it('carries its title, the run and the machine', () => {
    const [picture] = picturesOf(fixture({ failures: [] }))
    expect(picture?.svg).toContain('CPU time of a lookup')
    expect(picture?.svg).toContain(`stillin verdict ${fixture().id}, 2 cores, Example CPU`)
    expect(picture?.svg).not.toContain('NOT VALID')
  })

  it('says so where the run is not valid', () => {
    for (const { svg } of picturesOf(fixture({ failures: [], valid: false })))
      expect(svg).toContain('NOT VALID: do not use.')
  })
})

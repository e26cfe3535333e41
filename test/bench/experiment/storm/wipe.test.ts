import { describe, expect, it } from 'vitest'
import { wipeOf } from '#bench/experiment/storm/wipe.ts'
import { MODE_NAMES, MODES } from '#contract/modes.ts'

describe('losing every login', () => {
  it('is done where the logins are', () => {
    expect(wipeOf(MODES.redis)).toContain('Redis')
    expect(wipeOf(MODES.sticky)).toContain('killed')
    expect(wipeOf(MODES.replicated)).toContain('killed')
    expect(wipeOf(MODES['jwt-denylist'])).toContain('rotated')
  })

  it('cannot be done to data cookies alone', () => {
    expect(MODE_NAMES.filter((mode) => wipeOf(MODES[mode]) === undefined)).toEqual(['cookie'])
  })
})

import { describe, expect, it } from 'vitest'
import { judgeWrites } from '#bench/check/written.ts'

describe('an acknowledged write', () => {
  it('is lost where no node that knows the login has it or a newer one', () => {
    const writers = [
      { acknowledged: 5, read: [5, undefined] },
      { acknowledged: 5, read: [6] },
      { acknowledged: 5, read: [4, 4] },
      { acknowledged: 5, read: [undefined] },
    ]
    expect(judgeWrites(writers)).toEqual({ lost: 2, lostWithLogin: 0 })
  })

  it('is lost with its login where no node knows that any more', () => {
    expect(judgeWrites([{ acknowledged: 5, read: [] }])).toEqual({ lost: 0, lostWithLogin: 1 })
  })

  it('was never promised where nothing was acknowledged', () => {
    expect(judgeWrites([{ acknowledged: 0, read: [] }])).toEqual({ lost: 0, lostWithLogin: 0 })
  })
})

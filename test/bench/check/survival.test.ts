import { describe, expect, it } from 'vitest'
import { judgeSurvival, usersHeldOnlyBy } from '../../../bench/check/survival.ts'
import { MODES } from '../../../contract/modes.ts'

const everywhere = ['node-1', 'node-2', 'node-3']
const survey = (holders: Record<string, readonly string[]>) =>
  Object.entries(holders).map(([userId, acceptedBy]) => ({ userId, acceptedBy }))

describe('the survival of logins', () => {
  it('is valid when every login is accepted by some node afterwards', () => {
    const before = survey({ a: everywhere, b: everywhere })
    const result = judgeSurvival(before, before, ['node-1'], MODES.redis)
    expect(result).toMatchObject({ users: 2, lost: 0, verdict: 'valid', allowed: 'while-store-lives' })
  })

  it('is invalid when a mode that promises survival loses one', () => {
    const before = survey({ a: everywhere, b: everywhere })
    const after = survey({ a: everywhere, b: [] })
    expect(judgeSurvival(before, after, ['node-1'], MODES.redis)).toMatchObject({
      lost: 1,
      verdict: 'invalid',
    })
    expect(judgeSurvival(before, after, ['node-1'], MODES.jwt)).toMatchObject({ lost: 1, verdict: 'invalid' })
  })

  it('lets a mode that promises nothing lose the logins of the dead node', () => {
    const before = survey({ a: ['node-1'], b: ['node-2'] })
    const after = survey({ a: [], b: ['node-2'] })
    const result = judgeSurvival(before, after, ['node-1'], MODES.sticky)
    expect(result).toMatchObject({ users: 2, lost: 1, lostOfDeadNode: 1, verdict: 'valid' })
  })

  it('is invalid when a login of a living node is lost, whatever the mode promises', () => {
    const before = survey({ a: ['node-1'], b: ['node-2'] })
    const after = survey({ a: [], b: [] })
    const result = judgeSurvival(before, after, ['node-1'], MODES.sticky)
    expect(result).toMatchObject({ lost: 2, lostOfDeadNode: 1, verdict: 'invalid' })
  })

  it('calls no login lost that a node could not judge, and the whole unknown', () => {
    const before = survey({ a: everywhere, b: everywhere })
    const after = [
      { userId: 'a', acceptedBy: [], unclearAt: ['node-2'] },
      { userId: 'b', acceptedBy: [] },
    ]
    expect(judgeSurvival(before, after, [], MODES.redis)).toMatchObject({
      users: 2,
      lost: 1,
      verdict: 'unknown',
    })
    expect(judgeSurvival(before, after, [], MODES.jwt, true)).toMatchObject({ verdict: 'unknown' })
  })

  it('excuses nothing where no node lost its memory', () => {
    const before = survey({ a: ['node-1'], b: ['node-2'] })
    const after = survey({ a: [], b: ['node-2'] })
    expect(judgeSurvival(before, after, [], MODES.sticky)).toMatchObject({ lost: 1, verdict: 'invalid' })
  })

  it('lets such a mode lose everybody when every node was restarted', () => {
    const before = survey({ a: ['node-1'], b: ['node-2'] })
    const after = survey({ a: [], b: [] })
    const result = judgeSurvival(before, after, ['node-1', 'node-2'], MODES.sticky)
    expect(result).toMatchObject({ lost: 2, verdict: 'valid' })
  })

  it('is unknown when nobody was logged in', () => {
    const before = survey({ a: [] })
    expect(judgeSurvival(before, before, ['node-1'], MODES.local)).toMatchObject({
      users: 0,
      verdict: 'unknown',
    })
  })

  it('counts a login that appears in neither survey as never live', () => {
    const result = judgeSurvival(
      survey({ a: [], b: everywhere }),
      survey({ b: everywhere }),
      ['node-1'],
      MODES.jwt,
    )
    expect(result).toMatchObject({ users: 1, lost: 0, verdict: 'valid' })
  })
})

describe('the users of one node', () => {
  it('are those whom no other node accepts', () => {
    const users = usersHeldOnlyBy(
      ['node-1'],
      survey({ a: ['node-1'], b: ['node-1', 'node-2'], c: ['node-2'], d: [] }),
    )
    expect([...users]).toEqual(['a'])
  })
})

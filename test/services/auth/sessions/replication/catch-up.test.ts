import { describe, expect, test } from 'vitest'
import { catchUp, type Given } from '#services/auth/sessions/replication/catch-up.ts'
import { Positions } from '#services/auth/sessions/replication/positions.ts'

const INCARNATION = 'a'

/** Positions that miss node-2's changes up to 6. */
function behind(): Positions {
  const positions = new Positions()
  positions.follow('node-2', INCARNATION, 7, 7)
  return positions
}

/** A catching up in which node-2 gives this, time after time, and others nothing. */
function parts(positions: Positions, gives: Given[], isThere: boolean) {
  const asked: string[] = []
  return {
    asked,
    positions,
    askItself: async (id: string) => {
      asked.push(id)
      const given = gives.shift() ?? 'absent'
      if (given === 'taken') positions.adopt(id, { incarnation: INCARNATION, seq: 7 })
      return given
    },
    askOthers: async () => void asked.push('others'),
    isThere: () => isThere,
    isClosed: () => false,
  }
}

describe('a hole in the changes of a node', () => {
  test('that is there and joins again itself is filled once it has joined, and not given up', async () => {
    const missed = parts(behind(), ['absent', 'silent', 'taken'], true)
    await catchUp(missed)
    expect(missed.asked).toEqual(['node-2', 'node-2', 'node-2'])
    expect(missed.positions.behind).toEqual([])
  })

  test('that is gone is given up when nobody else has what is missing', async () => {
    const missed = parts(behind(), [], false)
    await catchUp(missed)
    expect(missed.asked).toEqual(['node-2', 'others'])
    expect(missed.positions.behind).toEqual([])
  })

  test('that is there and never gives anything is given up in the end', async () => {
    const missed = { ...parts(behind(), [], true), giveUpMs: 150 }
    await catchUp(missed)
    expect(missed.asked.at(-1)).toBe('others')
    expect(missed.positions.behind).toEqual([])
  })
})

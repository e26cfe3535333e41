import { describe, expect, it } from 'vitest'
import { type Asked, readAnswer } from '#bench/experiment/migrate/asking-people.ts'
import { checkMigration } from '#bench/experiment/migrate/check-migration.ts'
import { lateness } from '#bench/experiment/migrate/lateness.ts'
import { migrationSentences } from '#bench/experiment/migrate/migration-sentences.ts'
import { type StepRecord, summariseStep } from '#bench/experiment/migrate/summarise-step.ts'
import { migrationTable } from '#bench/report/table/migration-table.ts'
import { HEADERS } from '#contract/headers.ts'
import type { MigrationEvidence } from '#contract/migration.ts'
import type { RunResult } from '#contract/result.ts'

const MS = 1000
const asked = (user: string, dueMs: number, doneMs: number, answer: Asked['answer']): Asked => ({
  user,
  dueUs: dueMs * MS,
  sentUs: dueMs * MS,
  doneUs: doneMs * MS,
  answer,
})
const held = (userId: string, ...acceptedBy: string[]) => ({ userId, acceptedBy })

/** Ordered at 100 ms, confirmed at 150: a is refused and back at 400; b logs in twice; nobody else is there. */
const RECORD: StepRecord = {
  from: 'local',
  to: 'redis',
  users: ['a', 'b'],
  seen: {
    asked: [
      asked('a', 10, 20, 'in'),
      asked('b', 30, 40, 'by-chance'),
      asked('a', 90, 160, 'in'),
      asked('b', 120, 130, 'in'),
      asked('a', 170, 200, 'out'),
      asked('b', 180, 220, 'out'),
      asked('b', 300, 310, '502_proxy'),
      asked('b', 500, 520, 'out'),
      asked('a', 600, 610, 'in'),
    ],
    tries: [
      { user: 'b', doneUs: 250 * MS, made: true },
      { user: 'a', doneUs: 300 * MS, made: false },
      { user: 'a', doneUs: 400 * MS, made: true },
      { user: 'b', doneUs: 700 * MS, made: true },
    ],
  },
  orderUs: 100 * MS,
  confirmedUs: 150 * MS,
  endUs: 1_000 * MS,
  before: [held('a', 'node-1'), held('b', 'node-2')],
  after: [held('a'), held('b')],
  loginCpuMs: 15,
}

describe('a step of a migration', () => {
  it('counts the logins lost, the users who came back, and when the last of them was in for good', () => {
    expect(summariseStep(RECORD)).toEqual({
      from: 'local',
      to: 'redis',
      switchMs: 50,
      slowestMs: 70,
      logins: { live: 2, lost: 2, allowed: 'refuse' },
      before: { answered: 2, refused: 0, byChance: 1, failed: 0, kinds: {} },
      after: { answered: 7, refused: 3, byChance: 0, failed: 1, kinds: { '502_proxy': 1 } },
      reLogins: { users: 2, tried: 4, failed: 1 },
      loginCpuMs: 15,
      wholeMs: 600,
      watchedMs: 900,
    })
  })

  it('does not take an answer of the old mode for a return', () => {
    const { asked: all } = RECORD.seen
    const early = { ...RECORD, users: ['b'], seen: { asked: all.slice(0, 4), tries: [] } }
    expect(summariseStep(early).wholeMs).toBeNull()
  })

  it('loses no login that a node still accepts', () => {
    const kept = { ...RECORD, after: [held('a', 'node-3'), held('b')] }
    expect(summariseStep(kept).logins).toMatchObject({ live: 2, lost: 1 })
  })
})

describe('an answer', () => {
  const answer = (status: number, mode: string, body: unknown) =>
    readAnswer({ status, headers: { [HEADERS.mode]: mode }, body }, 'a')

  it('is read by the mode that it names: by chance only where that mode’s table says so', () => {
    expect(answer(200, 'redis@2', { id: 'a' })).toBe('in')
    expect(answer(200, 'redis@2', { id: 'b' })).toBe('wrong_user')
    expect(answer(401, 'local@1', { error: 'unauthorized', reason: 'unknown' })).toBe('by-chance')
    expect(answer(401, 'local@3', { error: 'unauthorized', reason: 'wrong-mode' })).toBe('out')
    expect(answer(401, 'redis@2', { error: 'unauthorized', reason: 'unknown' })).toBe('out')
    expect(answer(503, 'redis@2', { error: 'unavailable', reason: 'store_unavailable' })).toBe('503_store')
  })
})

describe('a migration', () => {
  const step = summariseStep(RECORD)
  const evidence: MigrationEvidence = {
    users: 2,
    everyMs: 1_000,
    steps: [step],
    wayBack: { mode: 'local', logins: 2, goodAgain: 2 },
  }

  it('says what each step did, what the way back is worth, and what to plan for', () => {
    expect(migrationSentences(evidence)).toEqual([
      'From local to redis: the switch ended all 2 logins, and 1 request failed otherwise (1 502_proxy); 2 users logged in again with their password, and 0.6 s after the order everybody was in again.',
      'Switched back to local at the end, 2 of the 2 logins made there at the start were good again without a password, since they had not expired.',
      'Plan a switch of mode as a logout of everybody: each of these 2 users cost the nodes 15 ms of CPU for the password alone, and comes back when they notice.',
    ])
  })

  it('does not say that everybody is in where somebody is not', () => {
    const [first] = migrationSentences({ ...evidence, steps: [{ ...step, wholeMs: null }] })
    expect(first).toContain('not everybody was in again within 0.9 s')
  })

  it('has a row a step with what the table of modes allows', () => {
    const { rows } = migrationTable({ migration: evidence } as RunResult)
    const texts = rows[0]?.map(({ text }) => text)
    expect(texts).toContain('local → redis')
    expect(texts).toContain('2/2')
    expect(texts).toContain('while store lives')
  })

  it('counts for nothing where people were refused before the order, or questions came late', () => {
    expect(checkMigration(evidence, [1, 2, 3]).map(({ ok }) => ok)).toEqual([true, true])
    const unquiet = { ...step, before: { ...step.before, failed: 2 } }
    expect(checkMigration({ ...evidence, steps: [unquiet] }, [501]).map(({ ok }) => ok)).toEqual([
      false,
      false,
    ])
  })

  it('calls nobody late who was busy', () => {
    const late = { ...asked('a', 300, 420, 'in'), sentUs: 401 * MS }
    const behind = { ...asked('b', 300, 420, 'in'), sentUs: 305 * MS }
    const tries = [{ user: 'a', doneUs: 400 * MS, made: true }]
    expect(lateness({ asked: [late, behind], tries })).toEqual([5])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHECKERS, judgeHistory } from '#bench/check/judge-history.ts'
import type { History, HistoryLine } from '#contract/history.ts'
import { everywhere, login, logout, REFUSED, UNSURE, written } from './written-history.ts'

/** One operation of a perfect server: it takes effect in one moment between its beginning and its end. */
interface Step {
  kind: 'login' | 'lookup' | 'write' | 'read' | 'logout' | 'logout-all'
  who: number
  at: number
  effect: number
  end: number
  answerLost: boolean
}

const steps = fc.array(
  fc
    .record({
      kind: fc.constantFrom<Step['kind'][]>(
        'login',
        'login',
        'lookup',
        'lookup',
        'write',
        'read',
        'logout',
        'logout-all',
      ),
      who: fc.nat(3),
      at: fc.nat(400),
      takes: fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 })),
      answerLost: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    })
    .map(
      ({ takes: [first, second], at, ...rest }): Step => ({
        ...rest,
        at,
        effect: at + first,
        end: at + first + second,
      }),
    ),
  { minLength: 1, maxLength: 60 },
)

/** What clients of the perfect server see. */
function observe(plan: readonly Step[]): History {
  const live = new Map<string, { data: string }>()
  const seen: [number, number, Partial<HistoryLine> & Pick<HistoryLine, 'op'>][] = []
  /** When each client had its credential; nobody uses one before. */
  const had = new Map<string, number>()
  for (const step of [...plan].sort((a, b) => a.effect - b.effect)) {
    const name = `l${step.who}`
    const credential = `${name}/1`
    const session = live.get(name)
    const lost = step.answerLost ? UNSURE : {}
    const refusal = { credential, ...REFUSED }
    const add = (facts: Partial<HistoryLine> & Pick<HistoryLine, 'op'>) =>
      seen.push([step.at, step.end, facts])
    if (step.kind === 'login') {
      // Each login is made once; a client that has no answer has no credential.
      if (had.has(name)) continue
      had.set(name, step.answerLost ? Number.POSITIVE_INFINITY : step.end)
      live.set(name, { data: '' })
      add({ ...login(name), ...lost })
    } else if (step.kind === 'logout-all') {
      live.clear()
      add({ ...everywhere(), ...lost })
    } else if (step.at < (had.get(name) ?? Number.POSITIVE_INFINITY)) {
    } else if (session === undefined) {
      if (!step.answerLost) add({ op: step.kind, ...refusal })
    } else if (step.kind === 'logout') {
      live.delete(name)
      add({ ...logout(name), ...lost })
    } else if (step.kind === 'write') {
      session.data = `v${seen.length}`
      add({ op: 'write', credential, wrote: session.data, ...lost })
    } else if (!step.answerLost) {
      add({ op: step.kind, credential, saw: 'u', ...(step.kind === 'read' ? { read: session.data } : {}) })
    }
  }
  return written(seen)
}

describe('the checkers together', () => {
  it('never reject what a perfect server answers, in whatever order things took effect', () => {
    fc.assert(
      fc.property(steps, (plan) => {
        const [judgement] = judgeHistory(observe(plan), 'redis')
        expect(judgement?.results.filter(({ verdict }) => verdict === 'invalid')).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('reject every accept that is added after an acknowledged revocation', () => {
    fc.assert(
      fc.property(steps, (plan) => {
        const history = observe(plan)
        const ended = history.lines.find(({ op, certainty }) => op === 'logout' && certainty === 'ok')
        fc.pre(ended !== undefined)
        const late: HistoryLine = {
          ...(ended as HistoryLine),
          seq: 1_000,
          op: 'lookup',
          invokedUs: ended.doneUs + 1,
          doneUs: ended.doneUs + 2,
        }
        delete late.revokes
        const [judgement] = judgeHistory({ ...history, lines: [...history.lines, late] }, 'redis')
        expect(judgement?.verdict).toBe('invalid')
      }),
      { numRuns: 200 },
    )
  })

  it('have names of their own, and a promise each', () => {
    expect(new Set(CHECKERS.map(({ name }) => name)).size).toBe(CHECKERS.length)
    expect(CHECKERS.every(({ promise }) => promise.endsWith('.'))).toBe(true)
  })
})

describe('a judgement', () => {
  const good = written([
    [0, 5, login('a')],
    [6, 7, { op: 'lookup', credential: 'a/1' }],
  ])

  it('is by mode, or as another mode’s where that is wanted', () => {
    const late = written([
      [0, 5, login('a')],
      [10, 12, logout('a')],
      [13, 14, { op: 'lookup', credential: 'a/1', mode: 'jwt' }],
    ])
    expect(judgeHistory(late).map(({ mode, operations }) => [mode, operations])).toEqual([
      ['redis', 2],
      ['jwt', 1],
    ])
    expect(judgeHistory(late, 'redis').map(({ verdict }) => verdict)).toEqual(['invalid'])
  })

  it('is unknown where no checker could say anything', () => {
    expect(judgeHistory(good).map(({ verdict }) => verdict)).toEqual(['valid'])
    expect(judgeHistory(written([[0, 5, login('a')]])).map(({ verdict }) => verdict)).toEqual(['unknown'])
  })

  it('names the planted bug it was recorded with', () => {
    const planted = {
      ...good,
      header: { history: 1, mode: 'redis', seed: 4, nodes: 3, plant: 'fail-open' },
    } as const
    expect(judgeHistory(planted)).toMatchObject([{ plant: 'fail-open', seed: 4 }])
  })
})

import { describe, expect, it } from 'vitest'
import { failuresByMode } from '#bench/report/table/failure-metric.ts'
import { matrixTable } from '#bench/report/table/matrix-table.ts'
import type { FailureRun, RunResult } from '#contract/result.ts'

function run(fault: FailureRun['fault'], change: Partial<FailureRun> = {}): FailureRun {
  return {
    mode: 'redis',
    fault,
    steady: { before: true, after: true },
    survival: { users: 120, lost: 3, lostOfDeadNode: 0, allowed: 'always', verdict: 'invalid', detail: '' },
    revocation: {
      probes: 12,
      acknowledged: 12,
      credentialLifetimeS: 5,
      lagsMs: [0, 4],
      unfinished: 0,
      declared: '',
    },
    metrics: [],
    ...change,
  } as FailureRun
}

function textsOf(failures: readonly FailureRun[]): string[][] {
  return matrixTable({ failures } as unknown as RunResult).rows.map((row) => row.map(({ text }) => text))
}

describe('the matrix', () => {
  it('has a row a cell, with what was lost beside what was promised', () => {
    const [first, second] = textsOf([run('kill-node'), run('kill-redis')])
    expect([first?.[0], second?.[0]]).toEqual(['kill-node × redis', 'kill-redis × redis'])
    expect(first).toContain('3/120')
    expect(first).toContain('BROKEN')
  })

  it('gives no figures of a cell that was not steady, and says why', () => {
    const steady = { before: false, after: true, reason: '7 % failed before the fault' }
    const failures = [run('kill-node'), run('kill-redis', { steady })]
    expect(textsOf(failures)[1]).not.toContain('3/120')
    expect(matrixTable({ failures } as unknown as RunResult).notes.join()).toContain(
      '7 % failed before the fault',
    )
  })

  it('says of each fault what it does, and is there with one fault where the run was a matrix', () => {
    const summary = 'SIGKILL to one node'
    const matrix = { cells: 24, run: 1, takenUp: 0 }
    const table = matrixTable({ failures: [run('kill-node', { summary })], matrix } as unknown as RunResult)
    expect(table.rows).toHaveLength(1)
    expect(table.notes).toEqual(['kill-node: SIGKILL to one node'])
  })

  it('takes the place of the tables of a row a mode, which would mix the faults', () => {
    expect(textsOf([run('kill-node')])).toEqual([])
    expect(
      failuresByMode({ failures: [run('kill-node'), run('kill-redis')] } as unknown as RunResult),
    ).toEqual([])
  })
})

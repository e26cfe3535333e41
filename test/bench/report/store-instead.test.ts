import { describe, expect, it } from 'vitest'
import { drawSentences } from '#bench/experiment/sentences.ts'
import { conditionsOf } from '#bench/report/story/conditions.ts'
import { costTable } from '#bench/report/table/cost-table.ts'
import { survivalTable } from '#bench/report/table/survival-table.ts'
import type { RunResult } from '#contract/result.ts'
import type { StoreName } from '#contract/stores.ts'
import { failureRun, fixture } from './fixture.ts'

const TRIP = { p50: 0.055, p99: 0.2 }

function over(name: StoreName, version: string | null, roundTripMs: typeof TRIP | null): RunResult {
  const plain = fixture()
  return fixture({
    configuration: { ...plain.configuration, store: name },
    environment: { ...plain.environment, redis: null, store: { name, version, origin: 'path', roundTripMs } },
    failures: [failureRun('redis')],
  })
}

describe('a run with another store in the place of Redis', () => {
  it('names the store at the mode in every table, in the conditions and in the first sentence', () => {
    const result = over('postgres', '15.20', TRIP)
    const first = ([cell]: readonly { text: string }[]) => cell?.text
    const names = [...costTable(result).rows.map(first), ...survivalTable(result).rows.map(first)]
    expect(names).toContain('redis (postgres)')
    expect(names).not.toContain('redis')
    expect(conditionsOf(result)).toContainEqual({
      name: 'Store',
      value: 'PostgreSQL 15.20 (path) in the place of Redis, round trip 55 µs (p50), 200 µs (p99)',
    })
    expect(drawSentences(result)[0]).toBe('Mode redis kept its sessions in PostgreSQL, not in Redis.')
    expect(drawSentences(result).join(' ')).not.toContain('nodes and Redis together')
  })

  it('says where the cost is when the store has no process', () => {
    const result = over('file', null, null)
    const { notes } = costTable(result)
    expect(notes.join(' ')).toContain('redis (file): this store has no process of its own')
    expect(conditionsOf(result)).toContainEqual({
      name: 'Store',
      value: 'files (path) in the place of Redis, without a server: its cost is in the nodes',
    })
  })

  it('changes nothing where the store is Redis', () => {
    expect(conditionsOf(fixture()).map(({ name }) => name)).toContain('Redis')
    expect(drawSentences(fixture())[0]).not.toContain('kept its sessions')
  })
})

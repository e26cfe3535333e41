import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { firstFlaw, readResult } from '#bench/experiment/results/read-result.ts'
import { ResultSchema } from '#bench/experiment/results/result-schema.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { fixture } from '../../report/fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'stillin-results-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function written(content: unknown): string {
  const file = join(folder, 'result.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

function refusal(path: string): StillinError {
  try {
    readResult(path)
  } catch (error) {
    if (error instanceof StillinError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

const whole = JSON.parse(JSON.stringify(fixture())) as Record<string, unknown>

describe('a result file', () => {
  it('is read from its path or from its folder', () => {
    written(whole)
    expect(readResult(folder)).toEqual(whole)
    expect(readResult(join(folder, 'result.json'))).toEqual(whole)
  })

  it('of another version is refused by name', () => {
    const error = refusal(written({ ...whole, schemaVersion: 7 }))
    expect(error.message).toContain('schema version 7')
    expect(error.exitCode).toBe(EXIT.usage)
  })

  it('that is something else, or no JSON, or not there, is refused with its path', () => {
    expect(refusal(written({ hello: 1 })).message).toContain('no result of stillin')
    expect(refusal(written('{"half')).message).toContain('is not JSON')
    expect(refusal(join(folder, 'nowhere.json')).message).toContain('nowhere.json does not exist')
  })

  it('with a mode that is none is refused, since the tables say what each mode promises', () => {
    const [run, ...others] = fixture().failures
    const failures = [{ ...run, mode: '../"><script>' }, ...others]
    expect(refusal(written({ ...whole, failures })).message).toContain('which this stillin does not know')
    const configuration = { ...fixture().configuration, modes: ['redis2'] }
    expect(refusal(written({ ...whole, configuration })).message).toContain('the mode "redis2"')
  })

  it('with a broken member is refused, and the member is named', () => {
    const { windows: _, ...without } = whole
    expect(refusal(written(without)).message).toMatch(/windows/)
    expect(refusal(written({ ...whole, valid: 'yes' })).message).toMatch(/valid/)
  })

  it('with what no report could be drawn from is refused by that member, and not by a stack trace', () => {
    const [failure] = fixture().failures
    const redis = { version: '7', origin: 'path', roundTripMs: null }
    for (const [more, member] of [
      [{ kind: 'race' }, '/kind'],
      [{ environment: { ...fixture().environment, redis } }, '/environment/redis'],
      [{ failures: [{ ...failure, events: null }] }, '/failures/0/events'],
      [{ failures: [{ ...failure, steady: {} }] }, '/failures/0/steady'],
      [{ failures: [{ ...failure, ledger: { logins: {} } }] }, '/failures/0/ledger'],
    ] as const)
      expect(refusal(written({ ...whole, ...more })).message).toContain(member)
  })
})

describe('the schema of results', () => {
  it('fits what reports are drawn from', () => {
    expect(firstFlaw(whole)).toBeUndefined()
  })

  it('is written out in docs, to the letter', () => {
    const file = new URL('../../../../docs/result.schema.json', import.meta.url)
    const { $schema, ...documented } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    expect($schema).toContain('json-schema.org')
    expect(documented).toEqual(JSON.parse(JSON.stringify(ResultSchema)))
  })
})

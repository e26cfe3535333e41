import { expect, it } from 'vitest'
import { revocationTable } from '#bench/report/table/revocation-table.ts'
import { failureRun, fixture } from '../fixture.ts'

const caption = (gapMs?: number) => {
  const { revocation } = failureRun('redis')
  const run = failureRun('redis', { revocation: { ...revocation, ...(gapMs !== undefined && { gapMs }) } })
  return revocationTable(fixture({ failures: [failureRun('jwt'), run] })).caption?.join(' ')
}

it('says beside timed logouts what the questions may have missed, where the run knows', () => {
  expect(caption(28.4)).toContain('28.4 ms apart at most')
  expect(caption()).not.toContain('apart')
})

import { expect, it } from 'vitest'
import { conditionsOf } from '#bench/report/story/conditions.ts'
import { fixture } from './fixture.ts'

it('a run whose nodes reached Redis through relays says so, and how near it is without them', () => {
  const { environment } = fixture()
  const near = { p50: 0.027, p99: 0.06 }
  const relayed = { version: '7.0.15', origin: 'path', roundTripMs: { p50: 0.14, p99: 0.3 }, directMs: near }
  const conditions = conditionsOf(fixture({ environment: { ...environment, redis: relayed } }))
  expect(conditions).toContainEqual({
    name: 'Redis',
    value:
      '7.0.15 (path), round trip 140 µs (p50), 300 µs (p99) through the relays of this cluster’s links; 27 µs (p50) without them',
  })
  expect(
    conditionsOf(fixture())
      .map(({ value }) => value)
      .join(),
  ).not.toContain('relay')
})

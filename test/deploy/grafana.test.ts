import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { MetricsReader } from '#proxy/admin/metrics.ts'
import { Counters } from '#proxy/counters.ts'
import type { Pool } from '#proxy/upstream/pool.ts'
import { testNode } from '../services/auth/test-node.ts'

interface Panel {
  title: string
  targets: { expr: string }[]
}

const { panels } = JSON.parse(
  readFileSync(new URL('../../deploy/grafana/dashboard.json', import.meta.url), 'utf8'),
) as { panels: Panel[] }
const FUNCTIONS = new Set(['sum', 'rate', 'count', 'by', 'clamp_min'])
/** What is counted since the start, and so is only ever asked for as a rate. */
const COUNTER = /^# TYPE (\S+) counter$/gm

/** The names of metrics in a query: neither functions nor what stands in braces, brackets or after `by`. */
function metricsIn(expr: string): string[] {
  const bare = expr.replaceAll(/\{[^}]*\}|\[[^\]]*\]|by \([^)]*\)/g, '')
  return (bare.match(/[a-z_][a-z0-9_]+/g) ?? []).filter((word) => !FUNCTIONS.has(word))
}

it('asks only for metrics that a node or the proxy offers, and for what is counted only as a rate', async () => {
  await using node = await testNode()
  const ofNode = await (await fetch(`${node.url}/metrics`)).text()
  const ofProxy = await new MetricsReader(new Counters(), { members: [] } as unknown as Pool).read()
  const text = `${ofNode}\n${ofProxy.text}`
  const offered = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name))
  const counters = new Set([...text.matchAll(COUNTER)].map(([, name = '']) => name))
  const asked = panels.flatMap(({ targets }) => targets).flatMap(({ expr }) => metricsIn(expr))
  expect(asked.length).toBeGreaterThan(panels.length)
  expect(asked.filter((name) => !offered.has(name))).toEqual([])
  for (const { expr } of panels.flatMap(({ targets }) => targets))
    for (const name of metricsIn(expr).filter((one) => counters.has(one)))
      expect(expr).toMatch(new RegExp(`rate\\(${name}[[{]`))
})

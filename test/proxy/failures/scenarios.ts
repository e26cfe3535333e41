import { setTimeout as delay } from 'node:timers/promises'
import type { Drill } from './drill.ts'

/** What happens to the nodes while requests come in. `marks` are told when the fault and the heal happened. */
export interface Scenario {
  readonly name: string
  /** After the fault, ms. */
  readonly lastsMs: number
  /** The nodes whose leaving and coming back is timed. */
  readonly nodes: readonly string[]
  act(drill: Drill, marks: { fault(): void; heal(): void }): Promise<void>
}

const kill = (drill: Drill, ids: readonly string[]) => Promise.all(ids.map((id) => drill.cluster.kill(id)))
const start = (drill: Drill, ids: readonly string[]) => Promise.all(ids.map((id) => drill.cluster.start(id)))

function killed(
  name: string,
  nodes: readonly string[],
  deadMs: number | undefined,
  lastsMs: number,
): Scenario {
  return {
    name,
    nodes,
    lastsMs,
    async act(drill, { fault, heal }) {
      fault()
      await kill(drill, nodes)
      if (deadMs === undefined) return
      await delay(deadMs)
      await start(drill, nodes)
      heal()
    },
  }
}

function paused(name: string, forMs: number, lastsMs: number): Scenario {
  return {
    name,
    nodes: ['node-1'],
    lastsMs,
    async act(drill, { fault, heal }) {
      fault()
      await drill.cluster.pause('node-1')
      await delay(forMs)
      await drill.cluster.resume('node-1')
      heal()
    },
  }
}

export const SCENARIOS: readonly Scenario[] = [
  killed('one of three killed', ['node-1'], undefined, 3_000),
  killed('killed, started again at once', ['node-1'], 0, 4_000),
  killed('killed, started again 3 s later', ['node-1'], 3_000, 6_000),
  {
    name: 'drained',
    nodes: [],
    lastsMs: 3_000,
    async act(drill, { fault }) {
      fault()
      await drill.admin('PUT', '/nodes/node-1/drain', {})
    },
  },
  {
    name: 'a fourth added',
    nodes: [],
    lastsMs: 4_000,
    async act(drill, { fault }) {
      fault()
      const all = drill.cluster.nodes().map(({ id, url }) => ({ id, url }))
      await drill.admin('PUT', '/nodes', all)
    },
  },
  paused('paused for 0.4 s (less than the checks notice)', 400, 2_500),
  paused('paused for 5 s (longer than the checks need)', 5_000, 7_500),
  killed('all but one killed', ['node-1', 'node-2'], undefined, 3_000),
  killed('all killed, all started again 1 s later', ['node-1', 'node-2', 'node-3'], 1_000, 5_000),
]

/** Two come back, and are not up yet when the third dies: the last resort of a retry. */
export const LAST_RESORT: Scenario = {
  name: 'two back for 0.2 s when the third is killed',
  nodes: ['node-3'],
  lastsMs: 7_000,
  async act(drill, { fault }) {
    await kill(drill, ['node-1', 'node-2'])
    await delay(2_500)
    await start(drill, ['node-1', 'node-2'])
    fault()
    await kill(drill, ['node-3'])
  },
}

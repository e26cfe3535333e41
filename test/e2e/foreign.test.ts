import { expect, it } from 'vitest'
import { benchForeign } from '#bench/experiment/foreign/bench-foreign.ts'
import { breakForeign } from '#bench/experiment/foreign/break-foreign.ts'
import { lagForeign } from '#bench/experiment/foreign/lag-foreign.ts'
import { beginForeign } from '#bench/experiment/foreign/record-foreign.ts'
import { showForeign } from '#bench/experiment/foreign/show-foreign.ts'
import { readForeignFile } from '#cluster/attach/foreign-file.ts'
import type { DemoStep } from '#contract/demo.ts'
import type { ForeignService } from '#contract/foreign.ts'
import { openShop } from './foreign/running-shop.ts'
import { runStillin, withFolder } from './run-stillin.ts'

/** stillin on a service that knows nothing of it: routes, cookies, a token header and answers of its own. */

const { signal } = new AbortController()
const progress = { update() {}, note() {} }
const BRIEF = { faultAtMs: 500, healAtMs: 900, durationMs: 1_600, ratePerS: 80, connections: 4 }

function read(file: string): ForeignService {
  const service = readForeignFile(file)
  if (service === undefined) throw new Error('taken for a cluster of ours')
  return service
}

const knowing = ({ nodes }: DemoStep): number => nodes.filter(({ answer }) => answer === 'in').length

it(
  'sessions in the nodes’ memory: a kill logs out a third, a logout holds',
  {
    timeout: 90_000,
  },
  () =>
    withFolder(async (folder) => {
      await using shop = await openShop(folder, 'sessions')
      const service = read(shop.file)
      const run = beginForeign(service, 1, 'stillin chaos')
      const { result, requests } = await breakForeign(run, 'kill-node', BRIEF, progress, signal)
      expect(result).toMatchObject({
        survival: { users: 60, lost: 20, lostOfDeadNode: 20, unclear: 0 },
        surveyed: 'nodes',
      })
      expect([result.outcomes.wrong_user, result.outcomes['4xx']]).toEqual([0, 0])
      expect(result.outcomes.unexpected_401).toBeGreaterThan(0)
      expect(requests.length).toBe(Object.values(result.outcomes).reduce((sum, count) => sum + count, 0))
      const lag = await lagForeign(service, { probes: 3, seed: 1 }, progress, signal)
      expect(lag).toMatchObject({ asked: 3, acknowledged: 3, unfinished: 0 })
      const { stdout, code } = await runStillin(folder, ['demo', '--cluster', `attach:${shop.file}`]).ended
      expect([code, stdout]).toEqual([
        0,
        expect.stringMatching(/Only [abc] knows the login.*logs\s+the\s+user\s+out/s),
      ])
    }),
)

it(
  'a token that every node can check: a kill logs nobody out, a logout does not hold',
  {
    timeout: 90_000,
  },
  () =>
    withFolder(async (folder) => {
      await using shop = await openShop(folder, 'tokens')
      const service = read(shop.file)
      const demo = await showForeign(service, progress, signal)
      expect([demo.victimChosenBy, ...demo.steps.map(knowing)]).toEqual(['answer', 3, 2, 3])
      const lag = await lagForeign(service, { probes: 1, seed: 1 }, progress, signal)
      expect(lag).toMatchObject({ acknowledged: 1, unfinished: 1 })
      const settings = { ratePerS: 60, rounds: 1, windowMs: 400, connections: 4 }
      const bench = await benchForeign(beginForeign(service, 1, ''), settings, progress, signal)
      expect(bench.outcomes).toMatchObject({ unexpected_401: 0, wrong_user: 0, timeout: 0 })
      expect([bench.inPerS.n, bench.responseP50Ms?.n]).toEqual([1, 1])
      expect(bench.nodeCpuUs?.value).toBeGreaterThan(0)
    }),
)

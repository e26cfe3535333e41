import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgeHistory } from '#bench/check/judge-history.ts'
import { drill } from '#bench/experiment/drill/drill.ts'
import { startCluster } from '#cluster/local-cluster.ts'
import { provideRedis } from '#cluster/redis/provide-redis.ts'
import type { RedisServer } from '#cluster/redis/redis-server.ts'
import { HEADERS } from '#contract/headers.ts'
import { ROUTES } from '#contract/routes.ts'

/** Histories recorded from real clusters with a bug switched on; the races are decided by gates. All: test/truth/planted-bugs.ts. */

let redis: RedisServer | undefined
beforeAll(async () => {
  redis = await provideRedis()
})
afterAll(() => redis?.[Symbol.asyncDispose]())

async function judgedWith(plant: string) {
  await using cluster = await startCluster({ mode: 'redis', nodes: 2, users: 10, redis, plant })
  const answer = await fetch(cluster.proxy.url + ROUTES.me)
  const plan = { mode: 'redis', seed: 1, seconds: 0, firstUser: 1, plant, gated: true } as const
  const history = await drill(cluster, undefined, plan, new AbortController().signal)
  return { judgements: judgeHistory(history), header: answer.headers.get(HEADERS.plant) }
}

describe('the checkers', { timeout: 60_000 }, () => {
  it.each(['stock-rolling-save', 'logout-everywhere-by-index'])(
    'reject what a cluster with %s lets through, and name it',
    async (plant) => {
      const { judgements, header } = await judgedWith(plant)
      expect(header).toBe(plant)
      expect(judgements).toMatchObject([{ mode: 'redis', plant, verdict: 'invalid' }])
      const broken = judgements[0]?.results
        .filter(({ verdict }) => verdict === 'invalid')
        .map((one) => one.checker)
      expect(broken).toContain('revocations-hold')
    },
  )
})

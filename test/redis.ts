import { provideRedis } from '#cluster/redis/provide-redis.ts'

/** A real Redis of a test's own, on a free port, gone when disposed or when the test's process ends. */
export async function testRedis(): Promise<{ url: string; pid: number | undefined } & AsyncDisposable> {
  const reasons: string[] = []
  const redis = await provideRedis({ onMissing: (missing) => reasons.push(...missing.reasons, missing.hint) })
  if (redis === undefined) throw new Error(`no Redis for this test: ${reasons.join('; ')}`)
  return { url: redis.url, pid: redis.pid, [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose]() }
}

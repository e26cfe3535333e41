import { expect } from 'vitest'
import type { ModeName } from '#contract/modes.ts'
import { Client } from '../client.ts'
import { patientRedis } from '../patient-redis.ts'
import { type TestNode, testNode } from '../test-node.ts'

/** A node whose logins are pairs, over this Redis. */
export function pairNode(
  redisUrl: string,
  mode: ModeName,
  home: 'store' | 'stateless' = 'store',
  more: Record<string, string> = {},
): Promise<TestNode> {
  return testNode({
    STILLIN_MODE: mode,
    ...patientRedis(redisUrl),
    STILLIN_RENEWAL: 'pair',
    STILLIN_REFRESH: home,
    ...more,
  })
}

export async function loggedIn(node: TestNode, user: string): Promise<Client> {
  const client = new Client(node.url)
  expect((await client.login(user)).status).toBe(200)
  return client
}

import { readFile } from 'node:fs/promises'
import { Redis } from 'ioredis'
import { StillinError } from '#contract/errors.ts'
import type { KeyRing, KeyRingJwk } from '#contract/keys.ts'
import type { Credential, SeedAnswer, SeedRequest } from '#contract/node-admin.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { askJson } from './ask-json.ts'
import type { NodeHandle } from './cluster.ts'
import type { ControlClient } from './control-client.ts'
import type { RedisServer } from './redis/redis-server.ts'

/** What faults do to a running cluster beyond signals and links. */
export interface LabActs {
  /** How far this node’s clock is from the system’s, ms. Only where `movableClocks` was asked for. */
  setClock(nodeId: string, offsetMs: number): Promise<void>
  /** Logins made at one node without a password, as many as it takes. @throws StillinError with the node’s reason. */
  seed(nodeId: string, request: SeedRequest): Promise<readonly Credential[]>
  /** One command to Redis itself, never through a relay. @throws StillinError where there is none, or it is not ours. */
  askRedis(...command: readonly string[]): Promise<unknown>
  /** A new signing key at every node; the former ones are accepted until tokens expire, or not any more. */
  rotateKeys(revokeOld: boolean): Promise<void>
  /** The key that signs at present, as somebody who has stolen it would hold it. */
  signingKey(): Promise<KeyRingJwk>
}

const REDIS_ANSWER_MS = 5_000

/** What the acts want to know of a cluster. */
export interface LabAccess {
  readonly adminToken: string
  readonly redis: RedisServer | undefined
  readRing(): Promise<KeyRing>
}

/** The key ring of a file. */
export async function readRingFile(path: string): Promise<KeyRing> {
  return JSON.parse(await readFile(path, 'utf8')) as KeyRing
}

export function createLabActs(
  { adminToken, redis, readRing }: LabAccess,
  nodes: () => readonly NodeHandle[],
  control: ControlClient,
): LabActs {
  const adminUrl = (nodeId: string): string => {
    const node = nodes().find(({ id }) => id === nodeId)
    if (node === undefined) throw new StillinError(`there is no node ${nodeId}`)
    return node.adminUrl
  }
  return {
    async setClock(nodeId, offsetMs) {
      await askJson(nodeId, adminUrl(nodeId), adminToken, 'PUT', ADMIN_ROUTES.clock, { offsetMs })
    },
    async seed(nodeId, request) {
      const url = adminUrl(nodeId)
      const answer = await askJson(nodeId, url, adminToken, 'POST', ADMIN_ROUTES.sessions, request)
      return (answer as SeedAnswer).credentials
    },
    async askRedis(...command) {
      if (redis === undefined) throw new StillinError('this cluster has no Redis')
      // It is emptied, filled and set otherwise: with somebody else's that is not ours to do.
      if (redis.origin === 'REDIS_URL') {
        throw new StillinError(`${command[0]}: not done to the Redis at REDIS_URL, which is not ours`, {
          hint: 'Leave REDIS_URL and --redis-url out, and stillin finds or fetches one of its own.',
        })
      }
      return sendCommand(redis.url, command)
    },
    rotateKeys: (revokeOld) => control.rotateKeys(revokeOld),
    async signingKey() {
      const { signing } = await readRing()
      const key = signing.keys.find(({ kid }) => kid === signing.currentKid)
      if (key === undefined) throw new Error('the key ring lacks its current key')
      return key
    },
  }
}

async function sendCommand(url: string, [name = '', ...args]: readonly string[]): Promise<unknown> {
  const connection = new Redis(url, {
    lazyConnect: true,
    connectTimeout: REDIS_ANSWER_MS,
    commandTimeout: REDIS_ANSWER_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  connection.on('error', () => {})
  try {
    await connection.connect()
    return await connection.call(name, ...args)
  } catch (error) {
    throw new StillinError(`Redis did not do ${name}: ${error instanceof Error ? error.message : error}`)
  } finally {
    connection.disconnect()
  }
}

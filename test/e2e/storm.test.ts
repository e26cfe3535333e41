import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { STORM_SIZES } from '#bench/experiment/storm/project-storm.ts'
import { runStorms } from '#bench/experiment/storm/run-storms.ts'
import { startCluster } from '#cluster/local-cluster.ts'
import { withFolder } from './run-stillin.ts'

const ASKED = {
  nodes: 2,
  users: 130,
  forwarder: 'http-proxy',
  jwtAlgorithm: 'HS256',
  jwtVerifier: 'jose',
  redisUrl: undefined,
  plant: undefined,
} as const
const QUIET = { update: () => {}, note: () => {} }

/** A cluster that runs already, as a file describes it that knows no command to kill with. */
function describe(folder: string, control: { url: string; token: string }, adminToken: string): string {
  const path = join(folder, 'attach.json')
  writeFileSync(join(folder, 'control-token'), control.token)
  writeFileSync(join(folder, 'admin-token'), adminToken)
  const { users, forwarder, jwtAlgorithm, jwtVerifier } = ASKED
  const settings = { users, forwarder, jwtAlgorithm, jwtVerifier }
  const file = {
    control: { url: control.url, tokenFile: 'control-token' },
    adminTokenFile: 'admin-token',
    settings,
  }
  writeFileSync(path, JSON.stringify(file))
  return path
}

it(
  'a storm sends everybody in again at a cluster that runs already, and names the modes that it cannot empty',
  {
    timeout: 90_000,
  },
  () =>
    withFolder(async (folder) => {
      await using cluster = await startCluster({ mode: 'jwt', nodes: ASKED.nodes, users: ASKED.users })
      const path = describe(folder, cluster.control, cluster.adminToken)
      const options = {
        lab: { ...ASKED, cluster: `attach:${path}`, modes: ['sticky', 'redis', 'cookie', 'jwt'] },
        plan: { users: 20, seed: 1, ratePerS: 50, restMs: 300, limitMs: 60_000 },
        sizes: STORM_SIZES,
        command: 'stillin chaos --storm 20',
      } as const
      const result = await runStorms(options, QUIET, new AbortController().signal)
      expect(result.storms).toHaveLength(1)
      const [storm] = result.storms ?? []
      expect(storm).toMatchObject({ mode: 'jwt', users: 20, neverOut: 0, neverBack: 0 })
      expect(storm?.allBackMs).toBeGreaterThanOrEqual(storm?.halfBackMs ?? Number.POSITIVE_INFINITY)
      expect(storm?.course?.lookups.before.outcomes.ok).toBeGreaterThan(0)
      expect(storm?.course?.lookups.during.outcomes).toMatchObject({ wrong_user: 0, unexpected_401: 0 })
      expect(storm?.course?.projection).toBeNull()
      expect(result.leftOut.join('\n')).toMatch(/sticky: left out, since its file has no commands\.kill/)
      expect(result.leftOut.join('\n')).toMatch(/redis: left out, because no Redis/)
      expect(result.leftOut.join('\n')).toMatch(/cookie: left out, since nothing ends all its logins/)
      await expect(
        runStorms({ ...options, plan: { ...options.plan, users: 100 } }, QUIET, new AbortController().signal),
      ).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('needs 200 users') })
    }),
)

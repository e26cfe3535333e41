import { expect, it } from 'vitest'
import { migrateStep } from '#bench/experiment/migrate/migrate-step.ts'
import { openPeople } from '#bench/experiment/migrate/open-people.ts'
import { summariseStep } from '#bench/experiment/migrate/summarise-step.ts'
import { createRandom } from '#bench/workload/random.ts'
import { startCluster } from '#cluster/local-cluster.ts'

it('a switch under load ends every login of the old mode, fails no request, and everybody comes back by themselves', async () => {
  await using cluster = await startCluster({ mode: 'sticky', nodes: 2 })
  const { clients } = await openPeople(cluster, 'sticky', 6)
  const record = await migrateStep(
    { cluster },
    {
      from: 'sticky',
      to: 'jwt',
      clients,
      everyMs: 200,
      steadyMs: 300,
      settleMs: 300,
      random: createRandom(1),
      bystander: 'user-100',
    },
    new AbortController().signal,
  )
  const step = summariseStep(record)
  expect(step).toMatchObject({
    logins: { live: 6, lost: 6, allowed: 'refuse' },
    before: { refused: 0, failed: 0 },
    after: { byChance: 0, failed: 0 },
    reLogins: { users: 6 },
  })
  expect(step.wholeMs).toBeGreaterThan(0)
  expect(step.loginCpuMs).toBeGreaterThan(0)
})

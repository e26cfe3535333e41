import { expect, it } from 'vitest'
import { ask } from '#bench/experiment/costs/survey.ts'
import { whenWhole } from '#bench/experiment/failures/when-whole.ts'
import { sendOnce } from '#bench/load/send.ts'
import { createClient } from '#bench/workload/client.ts'
import { startCluster } from '#cluster/local-cluster.ts'
import type { KeysAnswer } from '#contract/control.ts'
import { LAB } from '#contract/lab.ts'
import { MODES } from '#contract/modes.ts'
import { stillinTarget } from '#contract/target.ts'

it('keys change under load: nobody is refused, unless the old ones are revoked', async () => {
  await using cluster = await startCluster({ mode: 'jwt', nodes: 2, jwtCache: 100 })
  const target = stillinTarget(MODES.jwt, cluster.proxy.url, cluster.nodes())
  async function rotate(revokeOld: boolean): Promise<KeysAnswer> {
    const answer = await fetch(`${cluster.control.url}/keys/rotate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${cluster.control.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ revokeOld }),
    })
    expect([answer.status, answer.ok || (await answer.text())]).toEqual([200, true])
    return (await answer.json()) as KeysAnswer
  }
  async function loggedIn(user: string) {
    const client = createClient(target, user, LAB.password)
    const login = client.request('login')
    if (login === undefined) throw new Error('no login')
    const answer = await sendOnce(target.url, login, { timeoutMs: 3_000 })
    if (answer.kind !== 'answer') throw new Error(answer.kind)
    client.absorb(answer.setCookies, answer.body)
    return client.credential()
  }
  const everywhere = (credential: Awaited<ReturnType<typeof loggedIn>>) =>
    Promise.all(target.nodes.map(({ url }) => ask(target, url, credential)))

  const before = await loggedIn('user-1')
  let rotating = true
  const seen = new Set<string>()
  const load = (async () => {
    while (rotating) {
      const fresh = await loggedIn('user-2')
      for (const opinion of [...(await everywhere(before)), ...(await everywhere(fresh))]) seen.add(opinion)
    }
  })()
  const first = await rotate(false)
  const second = await rotate(false)
  rotating = false
  await load
  expect([...seen]).toEqual(['in'])
  expect(second.kids).toHaveLength(3)
  expect(second.currentKid).not.toBe(first.currentKid)

  const after = await loggedIn('user-3')
  const [dead] = cluster.nodes()
  await cluster.kill(dead?.id ?? '')
  const third = await rotate(true)
  expect(third.kids).toEqual([third.currentKid])
  await cluster.start(dead?.id ?? '')
  await whenWhole(cluster, new AbortController().signal)
  for (const credential of [before, after]) expect(await everywhere(credential)).toEqual(['out', 'out'])
  expect(await everywhere(await loggedIn('user-4'))).toEqual(['in', 'in'])
})

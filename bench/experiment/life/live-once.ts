import { createClient, type VirtualClient } from '#bench/workload/client.ts'
import { HEADERS } from '#contract/headers.ts'
import { LAB } from '#contract/lab.ts'
import type { Life, LifeStep } from '#contract/life.ts'
import { MODES, type ModeName, usesCookies } from '#contract/modes.ts'
import { ADMIN_ROUTES, ROUTES } from '#contract/routes.ts'
import { summaryOf } from '#contract/stores.ts'
import { type RequestTemplate, renderRequest, stillinTarget } from '#contract/target.ts'
import { askAdmin } from '../lab/admin-client.ts'
import type { ClusterLab } from '../lab/lab.ts'
import { takeStep } from './life-step.ts'

const CART = '{"cart":["a book"]}'
/** More than a cookie, or a token that is to travel with every request, may hold. */
const TOO_MUCH = JSON.stringify({ cart: 'x'.repeat(4_096) })
const NEXT_PASSWORD = 'another-correct-horse'

/** One user's login in one mode, from its beginning to after its end. Leaves the user with a new password, not banned. */
export async function liveOnce(lab: ClusterLab, modeName: ModeName, user: string): Promise<Life> {
  const { cluster, renewal } = lab
  await cluster.setMode(modeName)
  const mode = MODES[modeName]
  const target = stillinTarget(mode, cluster.proxy.url, cluster.nodes(), renewal)
  const csrf: Record<string, string> = usesCookies(mode) ? { [HEADERS.csrf]: '1' } : {}
  const steps: LifeStep[] = []
  let chapter: string | undefined

  function tell(step: LifeStep): void {
    steps.push(chapter === undefined ? step : { chapter, ...step })
    chapter = undefined
  }
  async function take(
    request: RequestTemplate | undefined,
    client: VirtualClient | undefined,
    where = '',
    url = target.url,
  ): Promise<{ status: number; body: unknown }> {
    const { step, body } = await takeStep(url, request, client, where)
    tell(step)
    return { status: step.status, body }
  }
  const newClient = (password: string = LAB.password) => createClient(target, user, password)
  const request = (method: RequestTemplate['method'], path: string, client: VirtualClient, body?: object) =>
    renderRequest(
      {
        method,
        path,
        headers: { ...csrf, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      },
      client.credential(),
    )
  /** Puts what somebody kept to every node, and takes nothing in. */
  async function everywhere(copy: VirtualClient): Promise<void> {
    for (const { id, url } of target.nodes) await take(copy.request('lookup'), undefined, ` at ${id}`, url)
  }
  async function change(what: 'role' | 'ban', body: object, words: string): Promise<void> {
    const { url, token } = cluster.control
    await askAdmin(url, token, 'POST', `${ADMIN_ROUTES.users}/${user}/${what}`, body)
    // In the words of a logout's own header.
    const when = mode.revokes.user === 'always' ? 'at-once' : mode.revokes.user
    tell({ request: words, node: 'control', status: 200, answer: `takes hold: ${when}` })
  }
  const copyOf = (client: VirtualClient) => {
    const copy = newClient()
    copy.adopt(client.credential())
    return copy
  }

  await askAdmin(cluster.control.url, cluster.control.token, 'POST', `${ADMIN_ROUTES.users}/${user}/role`, {
    role: 'admin',
  })
  const client = newClient()
  chapter = 'login, and every node is asked'
  await take(client.request('login'), client)
  for (const { id, url } of target.nodes) await take(client.request('lookup'), client, ` at ${id}`, url)

  chapter = 'data kept with the login: a little, and 4 KiB'
  await take(client.request('write', { data: CART }), client)
  await take(request('GET', ROUTES.data, client), client)
  await take(client.request('write', { data: TOO_MUCH }), client, ' (4 KiB)')
  await take(client.request('transfer'), client)

  if (renewal === 'pair') {
    chapter = 'a refresh, and the same refresh token once more'
    const twin = copyOf(client)
    await take(client.request('refresh'), client)
    await take(twin.request('refresh'), undefined, ' (again)')
    await take(client.request('lookup'), client)
  }

  chapter = 'another device, seen and ended from here'
  const other = newClient()
  await take(other.request('login'), other, ' (other)')
  const listed = await take(request('GET', ROUTES.sessions, client), client)
  const handle = handleOfOther(listed.body)
  if (handle !== undefined) {
    await take(request('DELETE', `${ROUTES.sessions}/${handle}`, client), client)
    await take(other.request('lookup'), undefined, ' (other)')
  }

  chapter = 'no longer an administrator: what the login of before still says'
  const admin = copyOf(client)
  await change('role', { role: 'user' }, 'role: admin → user')
  await everywhere(admin)

  chapter = 'a new password: the login that sets it, and another device'
  client.forget()
  other.forget()
  await take(client.request('login'), client)
  await take(other.request('login'), other, ' (other)')
  const passwords = { current: LAB.password, next: NEXT_PASSWORD }
  const changed = await take(request('POST', ROUTES.password, client, passwords), client)
  // Where a node that knows nothing of the login was asked, the old one is still right.
  const password = changed.status === 200 ? NEXT_PASSWORD : LAB.password
  await take(other.request('lookup'), undefined, ' (other)')
  await take(client.request('lookup'), client)
  await take(newClient().request('login'), undefined, ' (old pass)')

  chapter = 'logout, and a copy that nobody threw away'
  const again = newClient(password)
  await take(again.request('login'), again)
  const copy = copyOf(again)
  await take(again.request('logout'), again)
  await everywhere(copy)
  await take(copy.request('transfer', { password }), undefined, ' (copy)')
  if (renewal === 'pair') await take(copy.request('refresh'), undefined, ' (copy)')

  chapter = 'banned'
  const banned = newClient(password)
  await take(banned.request('login'), banned)
  await change('ban', { banned: true }, 'ban')
  await everywhere(banned)
  await take(newClient(password).request('login'), undefined)
  await askAdmin(cluster.control.url, cluster.control.token, 'POST', `${ADMIN_ROUTES.users}/${user}/ban`, {
    banned: false,
  })
  return {
    mode: modeName,
    summary: summaryOf(modeName, cluster.store?.store.name ?? 'redis'),
    renewal,
    steps,
  }
}

/** A login of a listing that is not the one that asked. */
function handleOfOther(listing: unknown): string | undefined {
  const { sessions } = (listing ?? {}) as { sessions?: readonly { id: string; current: boolean }[] }
  return sessions?.find(({ current }) => !current)?.id
}

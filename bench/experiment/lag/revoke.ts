import { sendOnce } from '#bench/load/send.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { HEADERS } from '#contract/headers.ts'
import { LAB } from '#contract/lab.ts'
import type { LagKind } from '#contract/lag.ts'
import { type Mode, usesCookies } from '#contract/modes.ts'
import type { Credential } from '#contract/node-admin.ts'
import { ADMIN_ROUTES, ROUTES } from '#contract/routes.ts'
import type { RequestTemplate } from '#contract/target.ts'
import { askAdmin } from '../lab/admin-client.ts'

const TIMEOUT_MS = 5_000

/** Ends one login, or all of its user's. Answers when the acknowledgement was there, on `performance.now()`; undefined: there was none. */
export async function revoke(
  cluster: RunningCluster,
  mode: Mode,
  kind: LagKind,
  credential: Credential,
): Promise<number | undefined> {
  const byAdministrator = kind === 'ban' || kind === 'demotion'
  const url = byAdministrator ? cluster.control.url : cluster.proxy.url
  const headers = byAdministrator
    ? { authorization: `Bearer ${cluster.control.token}` }
    : { ...credential.headers, ...(usesCookies(mode) && { [HEADERS.csrf]: '1' }) }
  const answer = await sendOnce(url, request(kind, credential.userId, headers), { timeoutMs: TIMEOUT_MS })
  const atMs = performance.now()
  return answer.kind === 'answer' && answer.status < 300 ? atMs : undefined
}

/** Makes an administrator of a user, so that there is somebody to demote. */
export async function promote(cluster: RunningCluster, user: string): Promise<void> {
  const { url, token } = cluster.control
  await askAdmin(url, token, 'POST', `${ADMIN_ROUTES.users}/${user}/role`, { role: 'admin' })
}

function request(kind: LagKind, user: string, headers: Readonly<Record<string, string>>): RequestTemplate {
  const post = (path: string, body?: object): RequestTemplate =>
    body === undefined
      ? { method: 'POST', path, headers }
      : {
          method: 'POST',
          path,
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }
  switch (kind) {
    case 'logout':
      return post(ROUTES.logout)
    case 'logout-all':
      return post(ROUTES.logoutAll)
    case 'password':
      return post(ROUTES.password, { current: LAB.password, next: `${LAB.password}-2` })
    case 'ban':
      return post(`${ADMIN_ROUTES.users}/${user}/ban`, { banned: true })
    case 'demotion':
      return post(`${ADMIN_ROUTES.users}/${user}/role`, { role: 'user' })
  }
}

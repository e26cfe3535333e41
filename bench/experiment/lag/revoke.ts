import { type Answer, type SendFailure, sendOnce } from '#bench/load/send.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { HEADERS } from '#contract/headers.ts'
import { LAB } from '#contract/lab.ts'
import type { LagKind, RevocationEnd } from '#contract/lag.ts'
import { type Mode, usesCookies } from '#contract/modes.ts'
import type { Credential } from '#contract/node-admin.ts'
import { ADMIN_ROUTES, ROUTES } from '#contract/routes.ts'
import type { RequestTemplate } from '#contract/target.ts'
import { askAdmin } from '../lab/admin-client.ts'

const TIMEOUT_MS = 5_000

/** How the asking ended, and when that was known, on `performance.now()`. */
export interface Revoked {
  readonly end: RevocationEnd
  readonly atMs: number
}

/** Ends one login, or all of its user's. */
export async function revoke(
  cluster: RunningCluster,
  mode: Mode,
  kind: LagKind,
  credential: Credential,
): Promise<Revoked> {
  const byAdministrator = kind === 'ban' || kind === 'demotion'
  const url = byAdministrator ? cluster.control.url : cluster.proxy.url
  const headers = byAdministrator
    ? { authorization: `Bearer ${cluster.control.token}` }
    : { ...credential.headers, ...(usesCookies(mode) && { [HEADERS.csrf]: '1' }) }
  const answer = await sendOnce(url, request(kind, credential.userId, headers), { timeoutMs: TIMEOUT_MS })
  return { end: endOf(answer), atMs: performance.now() }
}

/** What an answer to a revocation says of it. */
export function endOf(answer: Answer | SendFailure): RevocationEnd {
  if (answer.kind === 'connect_refused' || answer.kind === 'unsent') return 'refused'
  if (answer.kind !== 'answer') return 'unsure'
  if (answer.status < 300) return 'acknowledged'
  if (answer.status === 503) return 'refused'
  return answer.status < 500 ? 'denied' : 'unsure'
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

import { type Answer, type SendFailure, sendOnce } from '#bench/load/send.ts'
import type { HistoryLine } from '#contract/history.ts'
import type { InboxAnswer, SeedAnswer } from '#contract/node-admin.ts'
import { ADMIN_ROUTES, ROUTES } from '#contract/routes.ts'
import { askAdmin } from '../lab/admin-client.ts'
import type { Told, Where } from './drill-client.ts'
import type { Held } from './held.ts'
import type { NamedSecret, Person } from './person.ts'

const SEED_TIMEOUT_MS = 4_000

/** By name and password. */
export async function logIn(
  person: Person,
  where: Where = person.somewhere(),
  password: NamedSecret = person.password,
): Promise<Held | undefined> {
  return person.keep(await tryLogin(person, where, password))
}

/** The same, with the line that was recorded. @param learn facts that are known only when the answer is there. */
export function tryLogin(
  person: Person,
  where: Where,
  password: NamedSecret,
  learn: () => Partial<HistoryLine> = () => ({}),
): Promise<Told> {
  const facts = { ...person.who(), op: 'login', password: password.name } as const
  const body = { username: person.user, password: password.text }
  return person.drill.ask({ method: 'POST', path: ROUTES.login, where, facts, body, learn, issues: 'login' })
}

/**
 * A login that a node makes for the lab, without a password (an argon2 hash takes tens of ms) and without a refresh
 * token. Where sessions are in one node's memory the proxy could not lead back to it, so there it is by password.
 */
export async function seed(person: Person, lifetimeS = person.drill.mode.accessS): Promise<Held | undefined> {
  const { cluster, mode } = person.drill
  const node = cluster.nodes()[person.random.int(person.nodes.length)]
  if (mode.store === 'node-memory' || node === undefined) return logIn(person)
  const path = ADMIN_ROUTES.sessions
  const headers = { authorization: `Bearer ${cluster.adminToken}`, 'content-type': 'application/json' }
  const template = {
    method: 'POST',
    path,
    headers,
    body: JSON.stringify({ userIds: [person.user], lifetimeS }),
  } as const
  const result = await sendOnce(node.adminUrl, template, { timeoutMs: SEED_TIMEOUT_MS })
  const facts = { ...person.who(), op: 'seed', node: node.id } as const
  const ask = { method: 'POST', path, where: 'proxy', facts, issues: 'login' } as const
  return person.keep(person.drill.take(ask, asIfLoggedIn(result, lifetimeS)))
}

/** The node's answer in the shape that a login's has. */
function asIfLoggedIn(result: Answer | SendFailure, lifetimeS: number): Answer | SendFailure {
  if (result.kind !== 'answer' || result.status >= 300) return result
  const { cookie, authorization } = ((result.body as SeedAnswer).credentials[0]?.headers ?? {}) as Record<
    string,
    string | undefined
  >
  const accessToken = authorization?.replace('Bearer ', '')
  return {
    ...result,
    setCookies: cookie === undefined ? [] : [`${cookie}; Max-Age=${lifetimeS}`],
    body: accessToken === undefined ? null : { accessToken, expiresInS: lifetimeS },
  }
}

/** A one-time link, out of the inbox of the node that sent it; undefined: there are too many. */
export async function newLink(person: Person): Promise<NamedSecret | undefined> {
  const { drill, user } = person
  const place = person.random.int(person.nodes.length)
  const node = drill.cluster.nodes()[place]
  if (node === undefined) return undefined
  const before = await latestLink(person, node.adminUrl)
  await drill.sendUnrecorded(place, ROUTES.links, { username: user })
  const text = await latestLink(person, node.adminUrl)
  return text === undefined || text === before
    ? undefined
    : { text, name: `${user}-link${person.nextNumber()}` }
}

export async function claim(person: Person, link: NamedSecret, where: Where): Promise<Held | undefined> {
  const facts = { ...person.who(), op: 'claim', secret: link.name } as const
  const body = { token: link.text }
  return person.keep(
    await person.drill.ask({ method: 'POST', path: ROUTES.linksClaim, where, facts, body, issues: 'login' }),
  )
}

async function latestLink({ drill, user }: Person, adminUrl: string): Promise<string | undefined> {
  const path = `${ADMIN_ROUTES.users}/${user}/inbox`
  const inbox = await askAdmin<InboxAnswer>(adminUrl, drill.cluster.adminToken, 'GET', path)
  return inbox.messages.filter(({ kind }) => kind === 'link').at(-1)?.secret
}

import type { HistoryLine } from '#contract/history.ts'
import { LAB } from '#contract/lab.ts'
import type { Role } from '#contract/node-admin.ts'
import { ADMIN_ROUTES, ROUTES } from '#contract/routes.ts'
import type { Where } from './drill-client.ts'
import type { Held } from './held.ts'
import type { Person } from './person.ts'

export async function logOut(person: Person, held: Held, where: Where = 'proxy'): Promise<HistoryLine> {
  const { refresh, bearer, login } = held
  const family = refresh?.name.replace(/\.\d+$/, '')
  const revokes = { reach: 'login', target: login, ...(family && { family }) } as const
  const facts = { ...person.who(held.client), op: 'logout', revokes } as const
  const body = bearer === undefined || refresh === undefined ? {} : { body: { refreshToken: refresh.text } }
  const told = await person.drill.ask({ method: 'POST', path: ROUTES.logout, where, held, facts, ...body })
  return person.noteEnd(told.line, [held])
}

export async function logOutEverywhere(
  person: Person,
  held: Held,
  where: Where = 'proxy',
): Promise<HistoryLine> {
  const before = [...person.all]
  const revokes = { reach: 'user', target: person.user } as const
  const facts = { ...person.who(held.client), op: 'logout-all', revokes } as const
  const told = await person.drill.ask({ method: 'POST', path: ROUTES.logoutAll, where, held, facts })
  return person.noteEnd(told.line, before)
}

/** The login that goes on; undefined: it was not changed, or nobody knows. */
export async function changePassword(
  person: Person,
  held: Held,
  where: Where = 'proxy',
): Promise<Held | undefined> {
  const before = [...person.all]
  const number = person.nextNumber()
  const next = { text: `${LAB.password}-${number}`, name: `p${number}` }
  const facts = {
    ...person.who(held.client),
    op: 'password',
    password: person.password.name,
    nextPassword: next.name,
    revokes: { reach: 'user', target: person.user },
  } as const
  const body = { current: person.password.text, next: next.text }
  const told = await person.drill.ask({
    method: 'POST',
    path: ROUTES.password,
    where,
    held,
    facts,
    body,
    issues: 'login',
  })
  if (told.line.certainty !== 'ok') return undefined
  person.noteEnd(told.line, before)
  person.former = person.password
  person.password = next
  return person.keep(told)
}

/** By the administrator, through control, which tells every node. */
export async function changeAccount(
  person: Person,
  op: 'ban' | 'unban' | 'role',
  role: Role = 'user',
): Promise<HistoryLine> {
  const before = [...person.all]
  const path = `${ADMIN_ROUTES.users}/${person.user}/${op === 'role' ? 'role' : 'ban'}`
  const body = op === 'role' ? { role } : { banned: op === 'ban' }
  const revokes = { reach: 'user', target: person.user } as const
  const facts = { ...person.who('admin'), op, revokes } as const
  return person.noteEnd(await person.drill.askControl(path, body, facts), before)
}

import { ROUTES } from '#contract/routes.ts'
import type { Told, Where } from './drill-client.ts'
import type { Held } from './held.ts'
import type { Person } from './person.ts'

export function look(person: Person, held: Held, where: Where = person.somewhere()): Promise<Told> {
  const facts = { ...person.who(held.client), op: 'lookup' } as const
  const learn = ({ id }: Record<string, unknown>) => ({ saw: String(id) })
  return person.drill.ask({ method: 'GET', path: ROUTES.me, where, held, learn, facts })
}

/** Puts a credential to every node. */
export async function lookEverywhere(person: Person, held: Held): Promise<void> {
  await Promise.all(person.nodes.map((place) => look(person, held, place)))
}

export async function read(person: Person, held: Held, where: Where = person.somewhere()): Promise<void> {
  const facts = { ...person.who(held.client), op: 'read' } as const
  const learn = ({ data }: Record<string, unknown>) => ({
    read: String((data as { value?: string }).value ?? ''),
  })
  await person.drill.ask({ method: 'GET', path: ROUTES.data, where, held, learn, facts })
}

/** What the client holds afterwards: in token modes another text of the same login. */
export async function write(person: Person, held: Held, where: Where = person.somewhere()): Promise<Held> {
  const wrote = `${person.user}-v${person.nextNumber()}`
  const facts = { ...person.who(held.client), op: 'write', wrote } as const
  const body = { value: wrote }
  const told = await person.drill.ask({
    method: 'PUT',
    path: ROUTES.data,
    where,
    held,
    facts,
    body,
    issues: 'credential',
  })
  return person.keep(told) ?? held
}

/** How many sessions the user has, where somebody keeps a list. */
export async function count(person: Person, held: Held, where: Where = person.somewhere()): Promise<void> {
  const facts = { ...person.who(held.client), op: 'sessions' } as const
  const learn = ({ sessions }: Record<string, unknown>) => ({ sessions: (sessions as unknown[]).length })
  await person.drill.ask({ method: 'GET', path: ROUTES.sessions, where, held, learn, facts })
}

export async function transfer(person: Person, held: Held, where: Where = person.somewhere()): Promise<void> {
  const facts = { ...person.who(held.client), op: 'transfer' } as const
  const body = { amount: 1, password: person.password.text }
  await person.drill.ask({ method: 'POST', path: ROUTES.transfer, where, held, facts, body })
}

/** Renews by the refresh token; the old credential is presented too, and ends. undefined: refused, or there is no token. */
export async function refresh(
  person: Person,
  held: Held,
  where: Where = person.somewhere(),
): Promise<Held | undefined> {
  if (held.refresh === undefined) return undefined
  const facts = {
    ...person.who(held.client),
    op: 'refresh',
    refreshToken: held.refresh.name,
    revokes: { reach: 'login', target: held.login },
  } as const
  const body = held.bearer === undefined ? {} : { body: { refreshToken: held.refresh.text } }
  const renewed = person.keep(
    await person.drill.ask({
      method: 'POST',
      path: ROUTES.refresh,
      where,
      held,
      facts,
      issues: 'login',
      ...body,
    }),
  )
  if (renewed !== undefined) person.drill.ended.add(held.login)
  return renewed
}

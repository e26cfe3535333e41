import type { Person } from '../person.ts'
import { race } from '../race.ts'
import { claim, newLink, seed } from '../sign-in.ts'
import { count, look, lookEverywhere } from '../using.ts'

/** More than any limit of sessions that a drill sets. */
const CROWD = 8

/** A link is opened at several places at once, and once more afterwards. */
export async function openLink(person: Person): Promise<void> {
  const link = await newLink(person)
  if (link === undefined) return
  const inMemory = person.drill.mode.store === 'node-memory'
  const got = await race(
    person.random,
    person.nodes.map((place) => () => claim(person, link, inMemory ? 'proxy' : place)),
  )
  await claim(person, link, person.somewhere())
  for (const held of got) if (held !== undefined) await look(person, held)
}

/** Many logins of one user at once; then, when all is quiet, every one of them is asked, and counted. */
export async function crowdIn(person: Person): Promise<void> {
  if (person.drill.mode.store === 'node-memory') return
  const crowd = await Promise.all(Array.from({ length: CROWD }, () => seed(person)))
  for (const held of crowd) if (held !== undefined) await look(person, held)
  const last = crowd.at(-1)
  if (last === undefined) return
  await count(person, last)
  await lookEverywhere(person, last)
}

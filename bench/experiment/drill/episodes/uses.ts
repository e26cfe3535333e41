import type { Held } from '../held.ts'
import type { Person } from '../person.ts'
import { race } from '../race.ts'
import { logIn, seed } from '../sign-in.ts'
import { lookEverywhere, read, refresh, write } from '../using.ts'

/** Two tabs refresh at the same time, both go on, and then one of them refreshes again. */
export async function twoTabs(person: Person): Promise<void> {
  const start = await logIn(person)
  if (start?.refresh === undefined) return
  let held: Held = start
  for (let round = 0; round < 3; round += 1) {
    const tab = held
    const tabs = await race(person.random, [() => refresh(person, tab), () => refresh(person, tab)])
    const [one, two] = tabs
    for (const renewed of [one, two]) if (renewed !== undefined) await lookEverywhere(person, renewed)
    const next = one ?? two
    if (next === undefined) return
    held = next
  }
}

/** A refresh token that was copied is used after its owner has gone on: the family must end. */
export async function stealRefresh(person: Person): Promise<void> {
  const stolen = await logIn(person)
  if (stolen?.refresh === undefined) return
  const second = await refresh(person, stolen)
  const third = second && (await refresh(person, second))
  if (third === undefined) return
  await refresh(person, stolen)
  await refresh(person, third)
}

/** What is written is read at every node: after one write, and after two at once. */
export async function keepData(person: Person): Promise<void> {
  const start = await seed(person)
  if (start === undefined) return
  const held = await write(person, start)
  const readAll = (one: Held) =>
    Promise.all(
      person.drill.mode.store === 'node-memory'
        ? [read(person, one), read(person, one)]
        : person.nodes.map((place) => read(person, one, place)),
    )
  await readAll(held)
  const [one = held, two = held] = await race(person.random, [
    () => write(person, held),
    () => write(person, held),
  ])
  await readAll(one)
  if (two.credential !== one.credential) await readAll(two)
}

import { confirmsTransfers } from '#bench/check/promises.ts'
import { changeAccount, changePassword, logOut, logOutEverywhere } from '../ending.ts'
import type { Held } from '../held.ts'
import type { Person } from '../person.ts'
import { race } from '../race.ts'
import { logIn, seed, tryLogin } from '../sign-in.ts'
import { look, lookEverywhere, refresh, transfer, write } from '../using.ts'

/** A credential to begin with: a login by password now and then, since only that brings a refresh token. */
async function somebody(person: Person): Promise<Held | undefined> {
  return person.random.next() < 0.3 ? logIn(person) : seed(person)
}

/** Every credential of these logins, also the texts that a write replaced, to every node. */
async function tryOld(person: Person, logins: readonly string[]): Promise<void> {
  for (const held of person.all.filter(({ login }) => logins.includes(login)).slice(-6)) {
    await lookEverywhere(person, held)
  }
}

/** One logs out while another tab looks, writes and looks again. */
export async function leave(person: Person): Promise<void> {
  const first = await somebody(person)
  if (first === undefined) return
  const held = await write(person, first)
  await race(person.random, [
    () => logOut(person, held),
    () => look(person, held),
    () => look(person, first),
    () => look(person, held),
    () => write(person, held),
  ])
  await tryOld(person, [held.login])
  if (held.refresh !== undefined) await refresh(person, held)
  if (confirmsTransfers(person.drill.mode)) await transfer(person, held)
}

/** One logs out everywhere while others use their logins and a new one begins; then once more, when all is quiet. */
export async function leaveEverywhere(person: Person): Promise<void> {
  const [one, two] = await Promise.all([somebody(person), seed(person)])
  if (one === undefined || two === undefined) return
  await race(person.random, [
    () => logOutEverywhere(person, one),
    () => look(person, two),
    () => write(person, two),
    () => seed(person),
    () => seed(person),
  ])
  await tryOld(person, [one.login, two.login])
  const last = await seed(person)
  if (last === undefined) return
  const before = person.all.slice(-6).map(({ login }) => login)
  await logOutEverywhere(person, last)
  await tryOld(person, before)
  if (one.refresh !== undefined) await refresh(person, one)
  const fresh = await seed(person)
  if (fresh !== undefined) await lookEverywhere(person, fresh)
}

/** A new password while another login is in use and a third begins with the old one; then the old one is tried. */
export async function changePasswordEverywhere(person: Person): Promise<void> {
  const one = await somebody(person)
  const two = await seed(person)
  if (one === undefined || two === undefined) return
  const { password } = person
  const [renewed, , , begun] = await race(person.random, [
    () => changePassword(person, one),
    () => look(person, two),
    () => write(person, two),
    () => logIn(person, person.somewhere(), password),
  ])
  await tryOld(person, [one.login, two.login])
  if (begun !== undefined) await tryBegun(person, begun)
  if (renewed === undefined || person.former === undefined) return
  await lookEverywhere(person, renewed)
  const old = await tryLogin(person, person.somewhere(), person.former)
  if (old.held !== undefined) person.all.push(old.held)
}

/** A login that may have begun before everything was ended, for all that it may be good for. */
async function tryBegun(person: Person, begun: Held): Promise<void> {
  await lookEverywhere(person, begun)
  if (confirmsTransfers(person.drill.mode)) await transfer(person, begun)
  await refresh(person, begun)
}

/** A ban while the login is in use, and its end. */
export async function expel(person: Person): Promise<void> {
  const one = await somebody(person)
  if (one === undefined) return
  await race(person.random, [
    () => changeAccount(person, 'ban'),
    () => look(person, one),
    () => write(person, one),
  ])
  await tryOld(person, [one.login])
  await changeAccount(person, 'unban')
  await tryOld(person, [one.login])
  const fresh = await seed(person)
  if (fresh !== undefined) await lookEverywhere(person, fresh)
}

/** An administrator is one no longer, while the login is in use. */
export async function demote(person: Person): Promise<void> {
  await changeAccount(person, 'role', 'admin')
  const one = await somebody(person)
  if (one === undefined) return
  await race(person.random, [() => changeAccount(person, 'role'), () => look(person, one)])
  await tryOld(person, [one.login])
}

import { ADMIN_ROUTES } from '#contract/routes.ts'
import { askAdmin } from '../lab/admin-client.ts'
import { logOut, logOutEverywhere } from './ending.ts'
import type { Person } from './person.ts'
import { seed, tryLogin } from './sign-in.ts'
import { look, lookEverywhere, write } from './using.ts'

/** Requests are held at the first node, and overtaken at the second. */
const HELD_AT = 0
const OVERTAKEN_AT = 1

/** Races whose order a gate decides, not luck; only where all nodes know all sessions. The nodes must have gates. */
export async function passGates(person: Person): Promise<void> {
  if (person.drill.mode.store === 'node-memory') return
  await lookupOvertaken(person)
  await writeOvertaken(person)
  await loginOvertaken(person)
}

/** A lookup has read its session, the user logs out elsewhere, the lookup answers. */
async function lookupOvertaken(person: Person): Promise<void> {
  const held = await seed(person)
  if (held === undefined) return
  await overtake(
    person,
    'lookup-after-read',
    () => look(person, held, HELD_AT),
    () => logOut(person, held, OVERTAKEN_AT),
  )
  await lookEverywhere(person, held)
}

/** A write is about to save, the user logs out elsewhere, the write saves. */
async function writeOvertaken(person: Person): Promise<void> {
  const held = await seed(person)
  if (held === undefined) return
  await overtake(
    person,
    'write-before-save',
    () => write(person, held, HELD_AT),
    () => logOut(person, held, OVERTAKEN_AT),
  )
  await lookEverywhere(person, held)
}

/** A login has begun, the user logs out everywhere, the login is answered: it must be no good. */
async function loginOvertaken(person: Person): Promise<void> {
  const other = await seed(person)
  if (other === undefined) return
  let begunUs = 0
  const { held } = await overtake(
    person,
    'login-before-issue',
    () => tryLogin(person, HELD_AT, person.password, () => ({ begunUs })),
    () => {
      begunUs = person.drill.recorder.nowUs()
      return logOutEverywhere(person, other, OVERTAKEN_AT)
    },
  )
  if (held !== undefined) await lookEverywhere(person, held)
}

/** Begins a request, waits until it is held at the gate, runs what overtakes it, and lets it go on. */
async function overtake<Result>(
  { drill: { cluster } }: Person,
  gate: string,
  begin: () => Promise<Result>,
  pass: () => Promise<unknown>,
): Promise<Result> {
  const adminUrl = cluster.nodes()[HELD_AT]?.adminUrl ?? ''
  const path = `${ADMIN_ROUTES.gates}/${gate}`
  const hold = (held: boolean) => askAdmin(adminUrl, cluster.adminToken, 'PUT', path, { held })
  await hold(true)
  try {
    const begun = begin()
    await askAdmin(adminUrl, cluster.adminToken, 'GET', path)
    await pass()
    await hold(false)
    return await begun
  } finally {
    await hold(false)
  }
}

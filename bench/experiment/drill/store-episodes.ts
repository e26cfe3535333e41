import { setTimeout as delay } from 'node:timers/promises'
import { confirmsTransfers } from '#bench/check/promises.ts'
import { monotonicUs } from '#contract/clock.ts'
import { logOut } from './ending.ts'
import type { Person } from './person.ts'
import { seed } from './sign-in.ts'
import type { TroubledStore } from './troubled-store.ts'
import { lookEverywhere, transfer, write } from './using.ts'

const SILENCE_MS = 1_000
/** Longer than a connection takes to come back, and a silence to be forgotten. */
const RECOVERY_MS = 400
const ASK_EVERY_MS = 60
const CUTS = 4
const LOGOUT_TRIES = 60
const TRY_EVERY_MS = 5

/** The store falls silent while somebody is logged in; every node is asked meanwhile and afterwards. */
export async function fallSilent(person: Person, store: TroubledStore): Promise<void> {
  const held = await seed(person)
  if (held === undefined) return
  await lookEverywhere(person, held)
  const { fromUs, untilUs } = await store.silence(SILENCE_MS)
  person.drill.recorder.event({ user: '', client: 'drill', op: 'silence', node: 'redis' }, fromUs, untilUs)
  const { mode } = person.drill
  const ask = async () => {
    await lookEverywhere(person, held)
    if (confirmsTransfers(mode)) await transfer(person, held)
  }
  while (monotonicUs() < untilUs) {
    await ask()
    await delay(ASK_EVERY_MS)
  }
  await delay(RECOVERY_MS)
  await ask()
}

/**
 * Connections to the store are cut, and somebody logs out while they come back; every node is asked until it must know.
 * @param boundMs the mode's bound, as it was set.
 */
export async function loseNews(person: Person, store: TroubledStore, boundMs: number): Promise<void> {
  for (let cut = 0; cut < CUTS; cut += 1) {
    const first = await seed(person)
    const held = first && (await write(person, first))
    if (held === undefined) continue
    await lookEverywhere(person, held)
    await store.cut('pubsub')
    if (person.random.next() < 0.5) await store.cut('normal')
    await delay(person.random.int(2) * person.random.int(60))
    for (let attempt = 0; attempt < LOGOUT_TRIES; attempt += 1) {
      const { certainty } = await logOut(person, held, person.somewhere())
      if (certainty === 'ok') break
      await delay(TRY_EVERY_MS)
    }
    const untilUs = monotonicUs() + boundMs * 1_500
    while (monotonicUs() < untilUs) {
      await lookEverywhere(person, held)
      await delay(ASK_EVERY_MS)
    }
  }
}

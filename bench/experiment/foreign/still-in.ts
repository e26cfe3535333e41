import { setTimeout as sleep } from 'node:timers/promises'
import type { Holding } from '#bench/check/survival.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { Credential } from '#contract/node-admin.ts'
import type { Target } from '#contract/target.ts'
import { ask, type Opinion } from '../costs/survey.ts'

/** How often the entrance is asked: enough for round robin to visit every node of a small cluster. */
export const ASKED_VIA_ENTRANCE = 6
/** What the entrance is called where nodes have no address. */
export const ENTRANCE = 'entrance'

/** The places that are asked one by one: every node, or the entrance where nodes have no address. */
export function placesOf(target: Target): Target['nodes'] {
  return target.nodes.length > 0 ? target.nodes : [{ id: ENTRANCE, url: target.url }]
}

/** What the places said of one login. */
export interface Standing extends Holding {
  /** No place accepted it, and not every one refused it: nothing can be said. */
  readonly unclear: boolean
}

/** Logins asked for at the same time, and how often where the answers leave it open. */
const AT_ONCE = 8
const TRIES = 3
const RETRY_MS = 250

/** Puts every credential to every node, or several times to the entrance where nodes have no address. */
export async function whoIsIn(target: Target, credentials: readonly Credential[]): Promise<Standing[]> {
  const standings: Standing[] = []
  for (let from = 0; from < credentials.length; from += AT_ONCE) {
    const batch = credentials.slice(from, from + AT_ONCE)
    standings.push(...(await Promise.all(batch.map((credential) => standingOf(target, credential)))))
  }
  return standings
}

/** A time-out or a throttled question is no refusal: it is asked again, and then left open. */
async function standingOf(target: Target, credential: Credential): Promise<Standing> {
  const { userId } = credential
  const asked =
    target.nodes.length > 0
      ? target.nodes
      : Array.from({ length: ASKED_VIA_ENTRANCE }, () => ({ id: ENTRANCE, url: target.url }))
  for (let left = TRIES; ; left -= 1) {
    const opinions = await Promise.all(
      asked.map(async ({ id, url }) => ({ id, opinion: await ask(target, url, credential) })),
    )
    const accepting = opinions.filter(({ opinion }) => opinion === 'in').map(({ id }) => id)
    const acceptedBy = [...new Set(accepting)]
    const unclear = accepting.length === 0 && opinions.some(({ opinion }) => opinion !== 'out')
    if (!unclear || left <= 1) return { userId, acceptedBy, unclear }
    await sleep(RETRY_MS)
  }
}

/** Of several questions to the entrance, how many were answered with "in". */
export async function countIn(target: Target, credential: Credential): Promise<number> {
  let accepted = 0
  for (let asked = 0; asked < ASKED_VIA_ENTRANCE; asked += 1)
    if ((await ask(target, target.url, credential)) === 'in') accepted += 1
  return accepted
}

/**
 * The lookup of the file must tell people apart, or nothing that is drawn from it is true: out without a login, in with
 * one somewhere.
 * @throws StillinError naming what it answered instead.
 */
export async function demandTelling(target: Target, credential: Credential): Promise<void> {
  const anonymous = { ...target, userMember: undefined }
  const nobody = { userId: credential.userId, headers: {} }
  const without = await ask(target, target.url, nobody)
  if (without !== 'out')
    throw new StillinError(
      `${target.name}: without a login the lookup ${WITHOUT[without]}: it cannot tell who is in`,
      {
        exitCode: EXIT.usage,
        hint: 'See /entrance and /requests/lookup: path, and the statuses of in and out.',
      },
    )
  if (await isInSomewhere(target, credential)) return
  const isOther = await isInSomewhere(anonymous, credential)
  throw new StillinError(
    isOther
      ? `${target.name}: the lookup lets ${credential.userId} in and does not name them at ${target.userMember}`
      : `${target.name}: no place accepts the login of ${credential.userId}`,
    {
      exitCode: EXIT.usage,
      hint: isOther ? 'See /requests/lookup/user.' : 'See /requests/login, /token and /requests/lookup.',
    },
  )
}

const WITHOUT: Readonly<Record<Exclude<Opinion, 'out'>, string>> = {
  in: 'says in',
  unclear: 'is answered with neither in nor out',
  dead: 'meets no listener',
}

async function isInSomewhere(target: Target, credential: Credential): Promise<boolean> {
  const [holding] = await whoIsIn(target, [credential])
  return (holding?.acceptedBy.length ?? 0) > 0 || (await countIn(target, credential)) > 0
}

import type { Holding } from '#bench/check/survival.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { Credential } from '#contract/node-admin.ts'
import type { Target } from '#contract/target.ts'
import { ask, type Opinion, surveyHoldings } from '../costs/survey.ts'

/** How often the entrance is asked: enough for round robin to visit every node of a small cluster. */
export const ASKED_VIA_ENTRANCE = 6
/** What the entrance is called where nodes have no address. */
export const ENTRANCE = 'entrance'

/** The places that are asked one by one: every node, or the entrance where nodes have no address. */
export function placesOf(target: Target): Target['nodes'] {
  return target.nodes.length > 0 ? target.nodes : [{ id: ENTRANCE, url: target.url }]
}

/** Puts every credential to every node, or several times to the entrance where nodes have no address. */
export async function whoIsIn(target: Target, credentials: readonly Credential[]): Promise<Holding[]> {
  if (target.nodes.length > 0) return surveyHoldings(target, credentials)
  const holdings: Holding[] = []
  for (const credential of credentials) {
    const isIn = (await countIn(target, credential)) > 0
    holdings.push({ userId: credential.userId, acceptedBy: isIn ? [ENTRANCE] : [] })
  }
  return holdings
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

import type { KeysAnswer, PartState } from '#contract/control.ts'
import type { KeyRing, KeyRingJwk } from '#contract/keys.ts'
import type { ClusterView } from './cluster-view.ts'
import type { KeyFile } from './key-file.ts'
import { newSigningKey } from './key-file.ts'
import type { PartClient, PartProblem } from './part-client.ts'

/** No token lives longer than this, so that a key retired before it checks nothing any more. */
const RETIRED_MAX_MS = 86_400_000
/** As many as a node reads. */
const KEYS_MAX = 16

export type RotateOutcome = KeysAnswer | { readonly status: 409 | 502; readonly message: string }

/**
 * Gives all nodes a new signing key, in steps after each of which every node accepts what any of them signs:
 *
 *   everybody knows the new key ─► everybody signs with it ─► (revokeOld) nobody accepts the others
 *
 * Until everybody knows it, a failure puts the old ring back. Nodes that are dead read the file when they start.
 */
export async function rotateKeys(
  view: ClusterView,
  client: PartClient,
  file: KeyFile,
  revokeOld: boolean,
  nowMs: number = Date.now(),
): Promise<RotateOutcome> {
  const nodes = view.running('node')
  const unfit = nodes.find((node) => node.condition !== 'ready')
  if (unfit !== undefined)
    return {
      status: 409,
      message: `${unfit.id} is ${unfit.condition} and cannot change keys with the others`,
    }
  const before = await file.read()
  const fresh = await newSigningKey(before.signing.algorithm)
  const kept = keptKeys(before, nowMs)
  if (kept.length >= KEYS_MAX)
    return { status: 409, message: `${KEYS_MAX} keys are in use; revoke the old ones, or wait a day` }

  await file.write(withKeys(before, before.signing.currentKid, [...kept, fresh]))
  const unready = await rereadAll(client, nodes)
  if (unready.length > 0) {
    await file.write(before)
    await rereadAll(client, nodes)
    return { status: unready.every(({ refused }) => refused) ? 409 : 502, message: messages(unready) }
  }
  const retired = kept.map((key) =>
    key.kid === before.signing.currentKid ? { ...key, retiredAtMs: nowMs } : key,
  )
  const steps = [[...retired, fresh], ...(revokeOld ? [[fresh]] : [])]
  const late: PartProblem[] = []
  for (const keys of steps) {
    await file.write(withKeys(before, fresh.kid, keys))
    late.push(...(await rereadAll(client, nodes)))
  }
  if (late.length > 0)
    return { status: 502, message: `keys were changed, but not confirmed: ${messages(late)}` }
  return {
    algorithm: before.signing.algorithm,
    currentKid: fresh.kid,
    kids: steps.at(-1)?.map(({ kid }) => kid) ?? [],
  }
}

function keptKeys({ signing }: KeyRing, nowMs: number): KeyRingJwk[] {
  return signing.keys.filter(({ kid, retiredAtMs }) => {
    if (kid === signing.currentKid) return true
    return typeof retiredAtMs !== 'number' || nowMs - retiredAtMs <= RETIRED_MAX_MS
  })
}

function withKeys(ring: KeyRing, currentKid: string, keys: readonly KeyRingJwk[]): KeyRing {
  return { ...ring, signing: { ...ring.signing, currentKid, keys } }
}

async function rereadAll(client: PartClient, nodes: readonly PartState[]): Promise<PartProblem[]> {
  const answers = await Promise.all(nodes.map((node) => client.rereadKeys(node)))
  return answers.filter((answer) => answer !== undefined)
}

function messages(problems: readonly PartProblem[]): string {
  return problems.map(({ message }) => message).join('; ')
}

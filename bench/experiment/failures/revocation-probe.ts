import { sendOnce } from '#bench/load/send.ts'
import { HEADERS, parseModeHeader } from '#contract/headers.ts'
import type { Credential } from '#contract/node-admin.ts'
import type { RevocationProbe } from '#contract/result.ts'
import { demandRequest, renderRequest, type Target } from '#contract/target.ts'
import { askWho } from '../costs/survey.ts'
import { askThroughout } from '../lag/ask-throughout.ts'
import { createSharedPace, type SharedPace } from '../lag/shared-pace.ts'

export interface ProbeOptions {
  /** Lifetime of the credentials probed, s. */
  credentialLifetimeS: number
  /** Ends the watching of each, ms after its logout; longer than the lifetime, or expiry is not seen. */
  watchMs: number
}

const LOGOUT_TIMEOUT_MS = 2_000

type Logout = Awaited<ReturnType<typeof logOut>>

/** What became of a credential whose logout was acknowledged. */
interface Watched {
  /** When the last question was sent that a node accepted, ms after the acknowledgement; 0: none was. */
  lagMs: number
  /** From the acknowledgement to the first question, ms. */
  firstMs: number
  refusedEverywhere: boolean
  /** Some node accepted it when it was last asked. */
  acceptedLast: boolean
}

/**
 * Logs each credential out once, through the entrance, and from its acknowledgement on asks every node with it, to the
 * end: a fault may bring back what they knew no longer. Only questions sent after the acknowledgement count.
 */
export async function probeRevocation(
  target: Target,
  credentials: readonly Credential[],
  options: ProbeOptions,
): Promise<RevocationProbe> {
  const pace = createSharedPace()
  const logouts: Logout[] = []
  const watches: Promise<Watched>[] = []
  for (const credential of credentials) {
    const logout = await logOut(target, credential)
    logouts.push(logout)
    if (logout.acknowledged) watches.push(watch(target, logout, pace, options))
  }
  const watched = await Promise.all(watches)
  const open = watched.filter(({ refusedEverywhere }) => !refusedEverywhere)
  const accepted = open.filter(({ acceptedLast }) => acceptedLast)
  const gapsMs = [...pace.gapsMs, ...watched.map(({ firstMs }) => firstMs)]
  return {
    probes: credentials.length,
    acknowledged: watched.length,
    credentialLifetimeS: options.credentialLifetimeS,
    lagsMs: watched.map(({ lagMs }) => lagMs),
    ...(gapsMs.length > 0 && { gapMs: gapsMs.reduce((most, gapMs) => Math.max(most, gapMs)) }),
    unfinished: accepted.length,
    ...(open.length > accepted.length && { unclear: open.length - accepted.length }),
    declared: logouts.find((logout) => logout.declared !== '')?.declared ?? '',
  }
}

async function logOut(target: Target, credential: Credential) {
  const request = renderRequest(demandRequest(target, 'logout'), credential)
  const answer = await sendOnce(target.url, request, { timeoutMs: LOGOUT_TIMEOUT_MS })
  const headers = answer.kind === 'answer' ? answer.headers : {}
  return {
    credential,
    acknowledged: answer.kind === 'answer' && answer.status < 300,
    declared: String(headers[HEADERS.revocation] ?? ''),
    /** Whose nodes can say whether it is good. Empty: nobody said. */
    mode: parseModeHeader(String(headers[HEADERS.mode] ?? ''))?.mode ?? '',
    atMs: performance.now(),
  }
}

/** Every node by itself: one that keeps its answer back does not keep the others from being asked. */
async function watch(
  target: Target,
  { credential, mode, atMs }: Logout,
  pace: SharedPace,
  { watchMs }: ProbeOptions,
): Promise<Watched> {
  const over = AbortSignal.timeout(watchMs)
  let firstMs: number | undefined
  const nodes = await Promise.all(
    target.nodes.map(async ({ url }) => {
      let last: number | undefined
      const ask = async () => {
        firstMs ??= performance.now() - atMs
        last = await statusOf(target, url, credential, mode)
        return last
      }
      const { lagMs, finished } = await askThroughout(ask, atMs, pace, over)
      return { lagMs, finished, acceptedLast: last === 200 }
    }),
  )
  return {
    lagMs: Math.max(0, ...nodes.map(({ lagMs }) => lagMs)),
    firstMs: firstMs ?? 0,
    refusedEverywhere: nodes.every(({ finished }) => finished),
    acceptedLast: nodes.some(({ acceptedLast }) => acceptedLast),
  }
}

/** 200: it is accepted; 401: refused; undefined: this node cannot tell, as while it is in another mode than the login. */
async function statusOf(target: Target, url: string, credential: Credential, mode: string) {
  const said = await askWho(target, url, credential)
  if (said.opinion === 'in') return 200
  return said.opinion === 'out' && said.mode === mode ? 401 : undefined
}

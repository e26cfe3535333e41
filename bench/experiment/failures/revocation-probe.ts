import { setTimeout as sleep } from 'node:timers/promises'
import { sendOnce } from '#bench/load/send.ts'
import { HEADERS } from '#contract/headers.ts'
import type { Credential } from '#contract/node-admin.ts'
import type { RevocationProbe } from '#contract/result.ts'
import { demandRequest, renderRequest, type Target } from '#contract/target.ts'
import { ask } from '../costs/survey.ts'

export interface ProbeOptions {
  /** Lifetime of the credentials probed, s. */
  credentialLifetimeS: number
  /** Ends the watching, ms after the logouts; longer than the lifetime, or expiry is not seen. */
  watchMs: number
  /** Between two rounds of questions to the nodes, ms. */
  intervalMs: number
}

const LOGOUT_TIMEOUT_MS = 2_000

interface Watched {
  credential: Credential
  acknowledgedAtMs: number
  /** When the last accepted question was sent, ms after the acknowledgement; 0: none was. */
  lagMs: number
  refusedEverywhere: boolean
  /** Some node accepted it in the last round. */
  acceptedLast: boolean
}

/**
 * Logs each credential out once, through the entrance, and then asks every node with the old credential until none
 * accepts it. Only questions sent after the acknowledgement count.
 */
export async function probeRevocation(
  target: Target,
  credentials: readonly Credential[],
  options: ProbeOptions,
): Promise<RevocationProbe> {
  const logouts: Awaited<ReturnType<typeof logOut>>[] = []
  for (const credential of credentials) logouts.push(await logOut(target, credential))
  const acknowledged = logouts.filter((logout) => logout.acknowledged)
  const watched = acknowledged.map(({ credential, atMs }) => watch(credential, atMs))
  await askUntilRefused(target, watched, options)
  const open = watched.filter(({ refusedEverywhere }) => !refusedEverywhere)
  const accepted = open.filter(({ acceptedLast }) => acceptedLast)
  return {
    probes: credentials.length,
    acknowledged: acknowledged.length,
    credentialLifetimeS: options.credentialLifetimeS,
    lagsMs: watched.map(({ lagMs }) => lagMs),
    unfinished: accepted.length,
    ...(open.length > accepted.length && { unclear: open.length - accepted.length }),
    declared: logouts.find((logout) => logout.declared !== '')?.declared ?? '',
  }
}

async function logOut(target: Target, credential: Credential) {
  const request = renderRequest(demandRequest(target, 'logout'), credential)
  const answer = await sendOnce(target.url, request, { timeoutMs: LOGOUT_TIMEOUT_MS })
  const isAnswer = answer.kind === 'answer'
  return {
    credential,
    acknowledged: isAnswer && answer.status < 300,
    declared: isAnswer ? String(answer.headers[HEADERS.revocation] ?? '') : '',
    atMs: performance.now(),
  }
}

function watch(credential: Credential, acknowledgedAtMs: number): Watched {
  return { credential, acknowledgedAtMs, lagMs: 0, refusedEverywhere: false, acceptedLast: false }
}

async function askUntilRefused(
  target: Target,
  watched: readonly Watched[],
  options: ProbeOptions,
): Promise<void> {
  const deadlineMs = performance.now() + options.watchMs
  for (;;) {
    const open = watched.filter((probe) => !probe.refusedEverywhere)
    if (open.length === 0 || performance.now() > deadlineMs) return
    await Promise.all(open.map((probe) => askOnce(target, probe)))
    await sleep(options.intervalMs)
  }
}

async function askOnce(target: Target, probe: Watched): Promise<void> {
  const sentAtMs = performance.now()
  const opinions = await Promise.all(target.nodes.map((node) => ask(target, node.url, probe.credential)))
  probe.acceptedLast = opinions.includes('in')
  if (probe.acceptedLast) probe.lagMs = sentAtMs - probe.acknowledgedAtMs
  // A dead or unclear node has not refused: it is asked again.
  probe.refusedEverywhere = opinions.every((opinion) => opinion === 'out')
}

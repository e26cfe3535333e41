import { sendOnce } from '#bench/load/send.ts'
import { createClient } from '#bench/workload/client.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { ForeignService, ForeignUser } from '#contract/foreign.ts'
import { HEADERS } from '#contract/headers.ts'
import type { Credential } from '#contract/node-admin.ts'
import { demandRequest, type Target } from '#contract/target.ts'

const TIMEOUT_MS = 10_000
/** Password hashes are slow on purpose: more at once would be a load test of logins. */
const AT_ONCE = 4

/** Somebody who was handed something at their login. */
export interface SignedIn {
  readonly credential: Credential
  /** Who answered the login; empty where nobody said. */
  readonly servedBy: string
}

/** Logs one user in through the entrance. @throws StillinError where the service refuses or hands out nothing. */
export async function signIn(target: Target, { id, password }: ForeignUser): Promise<SignedIn> {
  const client = createClient(target, id, password)
  const request = client.request('login') ?? demandRequest(target, 'login')
  const answer = await sendOnce(target.url, request, { timeoutMs: TIMEOUT_MS })
  if (answer.kind !== 'answer')
    throw new StillinError(`${target.name}: the login of ${id} got no answer (${answer.reason})`, {
      exitCode: EXIT.unavailable,
    })
  if (answer.status >= 400)
    throw new StillinError(`${target.name}: the login of ${id} was answered ${answer.status}`, {
      hint: hintFor(answer.status),
    })
  client.absorb(answer.setCookies, answer.body, answer.headers)
  const credential = client.credential()
  if (Object.keys(credential.headers).length === 0)
    throw new StillinError(
      `${target.name}: the login of ${id} was answered ${answer.status} and handed out neither a cookie nor, at /token/pointer, a token`,
      { hint: 'See /requests/login and /token of the file.' },
    )
  return { credential, servedBy: String(answer.headers[target.servedBy ?? HEADERS.servedBy] ?? '') }
}

function hintFor(status: number): string {
  if (status === 429)
    return 'It throttles logins: name fewer users in the file, or let this address log in more often.'
  return status >= 500 ? 'Does every part of it run?' : 'See /requests/login and /users of the file.'
}

/** Logs the first `count` users in, a few at a time. @throws StillinError (usage) where there are fewer. */
export async function signInMany(
  { target, users }: ForeignService,
  count: number,
  from: number,
  signal: AbortSignal,
): Promise<SignedIn[]> {
  const wanted = users.slice(from, from + count)
  if (wanted.length < count)
    throw new StillinError(
      `${target.name}: this takes ${from + count} users, and its file names ${users.length}`,
      {
        exitCode: EXIT.usage,
      },
    )
  const done: SignedIn[] = []
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    signal.throwIfAborted()
    done.push(...(await Promise.all(wanted.slice(at, at + AT_ONCE).map((user) => signIn(target, user)))))
  }
  return done
}

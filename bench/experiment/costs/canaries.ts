import { sendOnce } from '#bench/load/send.ts'
import type { Mode } from '#contract/modes.ts'
import type { Credential } from '#contract/node-admin.ts'
import type { SelfCheck } from '#contract/result.ts'
import { renderRequest, type Target } from '#contract/target.ts'
import { textAt } from '#contract/text-at.ts'

const CANARY_TIMEOUT_MS = 2_000

/**
 * Before anything is timed: a forged credential must be refused, and each of two users must be named as themselves.
 * A server that says yes to everybody is fast.
 * @param url a node that holds both logins.
 */
export async function checkCanaries(
  target: Target,
  mode: Mode,
  url: string,
  credentials: readonly [Credential, Credential],
): Promise<SelfCheck> {
  const [first, second] = credentials
  const seen = await Promise.all([
    lookup(target, url, forge(first)),
    lookup(target, url, first),
    lookup(target, url, second),
  ])
  const wanted = ['401', `200 ${first.userId}`, `200 ${second.userId}`]
  return {
    name: 'canaries',
    arm: mode.name,
    ok: seen.every((answer, index) => answer === wanted[index]),
    detail: `forged credential → ${seen[0]}; ${first.userId} → ${seen[1]}; ${second.userId} → ${seen[2]}`,
    voids: 'run',
  }
}

async function lookup(target: Target, url: string, credential: Credential): Promise<string> {
  const request = renderRequest(target.requests.lookup, credential)
  const answer = await sendOnce(url, request, { timeoutMs: CANARY_TIMEOUT_MS })
  if (answer.kind !== 'answer') return answer.kind
  return answer.status === 200 ? `200 ${textAt(answer.body, target.userMember)}` : String(answer.status)
}

/** The same credential with one character of its signature changed (the last but three: the last may be padding bits). */
export function forge(credential: Credential): Credential {
  const headers = Object.entries(credential.headers).map(([name, value]) => [name, changeSignature(value)])
  return { userId: credential.userId, headers: Object.fromEntries(headers) }
}

function changeSignature(value: string): string {
  // Of several cookies the first is the session's; its signature ends where the pair ends.
  const end = value.includes(';') ? value.indexOf(';') : value.length
  const at = end - 4
  return `${value.slice(0, at)}${value[at] === 'A' ? 'B' : 'A'}${value.slice(at + 1)}`
}

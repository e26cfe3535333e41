import { setTimeout as delay } from 'node:timers/promises'
import { LAB } from '#contract/lab.ts'

/** A login: the cookies that came with it. */
export async function logIn(url: string, user = 'user-1'): Promise<string> {
  const answer = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: user, password: LAB.password }),
    signal: AbortSignal.timeout(10_000),
  })
  if (answer.status !== 200) throw new Error(`login answered ${answer.status}: ${await answer.text()}`)
  const { accessToken } = (await answer.json()) as { accessToken?: string }
  if (accessToken !== undefined) return `Bearer ${accessToken}`
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

/** Asks who is logged in. */
export async function lookUp(
  url: string,
  credential: string,
): Promise<{ status: number; node: string; reason: string }> {
  const headers: Record<string, string> = credential.startsWith('Bearer ')
    ? { authorization: credential }
    : { cookie: credential }
  const answer = await fetch(`${url}/me`, { headers, signal: AbortSignal.timeout(10_000) })
  const { error = '', reason = error } = (await answer.json()) as { error?: string; reason?: string }
  return { status: answer.status, node: answer.headers.get('x-served-by') ?? '', reason }
}

/** What became of the lookups of a steady load. */
export interface Tally {
  sent: number
  failed: number
  readonly reasons: Map<string, number>
  readonly nodes: Map<string, number>
}

/** Sends lookups at a rate while `meanwhile` runs, and for a moment before and after it. */
export async function underLoad(
  url: string,
  credential: string,
  ratePerS: number,
  meanwhile: () => Promise<unknown>,
): Promise<Tally> {
  const tally: Tally = { sent: 0, failed: 0, reasons: new Map(), nodes: new Map() }
  const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1)
  const pending = new Set<Promise<void>>()
  const one = async (): Promise<void> => {
    tally.sent += 1
    try {
      const { status, node, reason } = await lookUp(url, credential)
      count(tally.nodes, node)
      if (status === 200) return
      count(tally.reasons, `${status} ${reason} of ${node}`)
    } catch (error) {
      count(tally.reasons, error instanceof Error ? String(error.cause ?? error.message) : 'unknown')
    }
    tally.failed += 1
  }
  const timer = setInterval(() => {
    const sent = one().finally(() => pending.delete(sent))
    pending.add(sent)
  }, 1000 / ratePerS)
  try {
    await delay(1_000)
    await meanwhile()
    await delay(2_000)
  } finally {
    clearInterval(timer)
    await Promise.all(pending)
  }
  return tally
}

import { setTimeout as sleep } from 'node:timers/promises'
import { sendOnce } from '#bench/load/send.ts'
import type { VirtualClient } from '#bench/workload/client.ts'
import type { Random } from '#bench/workload/random.ts'
import { classifyAnswer } from '#contract/classify.ts'
import { monotonicUs } from '#contract/clock.ts'
import { HEADERS, parseModeHeader } from '#contract/headers.ts'
import { isModeName, MODES } from '#contract/modes.ts'
import type { Outcome } from '#contract/outcomes.ts'

/** One lookup of one user. `out`: refused, and only a login helps. µs on the monotonic clock. */
export interface Asked {
  readonly user: string
  readonly dueUs: number
  readonly sentUs: number
  readonly doneUs: number
  readonly answer: 'in' | 'out' | 'by-chance' | Failure
}

/** Neither a success nor a refusal. */
type Failure = Exclude<Outcome, 'ok' | 'unexpected_401' | 'refused_as_expected' | 'stale_accept'>

/** One login with a password. */
export interface LoginTry {
  readonly user: string
  readonly doneUs: number
  readonly made: boolean
}

/** What people have seen so far; grows while they ask. */
export interface Seen {
  readonly asked: Asked[]
  readonly tries: LoginTry[]
}

const TIMEOUT_MS = 5_000
const LOGIN_TIMEOUT_MS = 10_000
const PAUSE_MS = { least: 100, more: 200 }

/**
 * Everybody asks once in `everyMs`, evenly spread, until the signal; whoever is refused logs in again and tries until it
 * works. Whoever is late asks what is due one after the other.
 * @param url the entrance.
 */
export async function keepAsking(
  clients: readonly VirtualClient[],
  url: string,
  everyMs: number,
  random: Random,
  seen: Seen,
  signal: AbortSignal,
): Promise<void> {
  const startUs = monotonicUs()
  await Promise.all(
    clients.map((client, index) => {
      const person = createPerson(client, url, addressOf(index), random, seen, signal)
      const offsetMs = (index / clients.length) * everyMs
      return live(person, startUs, offsetMs, everyMs, signal)
    }),
  )
}

async function live(
  person: ReturnType<typeof createPerson>,
  startUs: number,
  offsetMs: number,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  for (let turn = 0; !signal.aborted; turn += 1) {
    const dueUs = startUs + (offsetMs + turn * everyMs) * 1000
    await rest((dueUs - monotonicUs()) / 1000, signal)
    if (signal.aborted) return
    if ((await person.ask(dueUs)) === 'out') await person.logIn()
  }
}

function createPerson(
  client: VirtualClient,
  url: string,
  localAddress: string,
  random: Random,
  seen: Seen,
  signal: AbortSignal,
) {
  const user = client.userId
  return {
    async ask(dueUs: number): Promise<Asked['answer']> {
      const request = client.request('lookup')
      if (request === undefined) throw new Error('the target offers no lookup')
      const answer = await sendOnce(url, request, { timeoutMs: TIMEOUT_MS, localAddress })
      if (answer.kind === 'answer') client.absorb(answer.setCookies, answer.body, answer.headers)
      const what = answer.kind === 'answer' ? readAnswer(answer, user) : answer.kind
      seen.asked.push({ user, dueUs, sentUs: answer.invokedUs, doneUs: answer.doneUs, answer: what })
      return what
    },
    async logIn(): Promise<void> {
      client.forget()
      while (!signal.aborted) {
        const request = client.request('login')
        if (request === undefined) throw new Error('the target offers no login')
        const answer = await sendOnce(url, request, { timeoutMs: LOGIN_TIMEOUT_MS, localAddress })
        const made = answer.kind === 'answer' && answer.status < 300
        seen.tries.push({ user, doneUs: answer.doneUs, made })
        if (answer.kind === 'answer' && made) return void client.absorb(answer.setCookies, answer.body)
        await rest(PAUSE_MS.least + PAUSE_MS.more * random.next(), signal)
      }
    },
  }
}

/** By what the answer says of itself: in the middle of a switch nobody else knows which mode it was made in. */
export function readAnswer(
  { status, headers, body }: { status: number; headers: Readonly<Record<string, unknown>>; body: unknown },
  user: string,
): Asked['answer'] {
  const { id, reason } = (body ?? {}) as { id?: string; reason?: string }
  const outcome = classifyAnswer({ status, userId: id, reason }, user, 'accept')
  if (outcome === 'ok') return 'in'
  if (!isRefusal(outcome)) return outcome
  const header = headers[HEADERS.mode]
  const mode = typeof header === 'string' ? parseModeHeader(header)?.mode : undefined
  const isByChance =
    isModeName(mode ?? '') && MODES[mode as keyof typeof MODES].expected.lookup.live === 'by-chance'
  // Who presents another mode's credential is out, whichever node they meet.
  return isByChance && reason === 'unknown' ? 'by-chance' : 'out'
}

function isRefusal(outcome: Outcome): outcome is Exclude<Outcome, Failure> {
  return outcome === 'unexpected_401' || outcome === 'refused_as_expected' || outcome === 'stale_accept'
}

/** Each from an address of their own, as people come. */
function addressOf(index: number): string {
  return `127.78.${Math.floor(index / 250)}.${(index % 250) + 1}`
}

/** The end of the asking is no failure of it. */
async function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => {})
}

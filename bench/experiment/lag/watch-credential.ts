import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'undici'
import { meaningOf } from '#contract/answer-statuses.ts'
import type { WatchedThroughout } from '#contract/lag.ts'
import type { Credential } from '#contract/node-admin.ts'
import { readLookup } from '#contract/read-lookup.ts'
import { type RequestTemplate, renderRequest, type Target } from '#contract/target.ts'
import { askThroughout, REFUSALS } from './ask-throughout.ts'
import type { SharedPace } from './shared-pace.ts'

/** What one node did with a credential after its revocation. Times in ms. */
export interface Watched {
  readonly id: string
  /** From the acknowledgement to the sending of the last accepted question; 0: none was. */
  readonly lagMs: number
  /** It refused as often in a row as is asked for, before the watching ended. */
  readonly finished: boolean
  /** Between the sending of each question and that of the next. */
  readonly gapsMs: readonly number[]
}

export interface WatchOptions {
  /** Between an answer and the next question. */
  readonly pauseMs: number
  /** Ends the watching, after the acknowledgement. */
  readonly limitMs: number
}

/** Every node that accepts a credential, each over a connection that is open already. */
export interface CredentialWatch extends AsyncDisposable {
  /** Who they are. */
  readonly accepting: readonly string[]
  /** Asks them, again and again, until they refuse for good. The credential was revoked at `fromMs` (`performance.now()`). */
  watch(fromMs: number, options: WatchOptions): Promise<Watched[]>
  /** Asks them until the signal, however often they refuse: a fault may bring back what they knew no longer. */
  watchThroughout(fromMs: number, pace: SharedPace, over: AbortSignal): Promise<WatchedThroughout[]>
}

const ANSWER_MS = 2_000

interface WatchedNode {
  readonly id: string
  readonly client: Client
}

/** Puts the credential to every node once, and keeps those that accept it: of the others nothing can be learned. */
export async function openWatch(target: Target, credential: Credential): Promise<CredentialWatch> {
  const request = renderRequest(target.requests.lookup, credential)
  const clients = target.nodes.map(({ id, url }) => ({ id, client: new Client(new URL(url).origin) }))
  const ask = (client: Client): Promise<Meaning> => meaningFrom(client, request, target, credential.userId)
  const meanings = await Promise.all(clients.map(({ client }) => ask(client)))
  const accepting = clients.filter((_, place) => meanings[place] === 'in')
  return {
    accepting: accepting.map(({ id }) => id),
    watch: (fromMs, options) => Promise.all(accepting.map((node) => watchNode(node, ask, fromMs, options))),
    watchThroughout: (fromMs, pace, over) =>
      Promise.all(
        accepting.map(async ({ id, client }) => {
          const seen = await askThroughout(() => statusOf(client, request), fromMs, pace, over)
          return { id, ...seen }
        }),
      ),
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map(({ client }) => client.destroy().catch(() => undefined)))
    },
  }
}

async function watchNode(
  { id, client }: WatchedNode,
  ask: (client: Client) => Promise<Meaning>,
  fromMs: number,
  { pauseMs, limitMs }: WatchOptions,
): Promise<Watched> {
  const gapsMs: number[] = []
  let lagMs = 0
  let refusals = 0
  let before: number | undefined
  while (refusals < REFUSALS && performance.now() - fromMs < limitMs) {
    const sentMs = performance.now()
    if (before !== undefined) gapsMs.push(sentMs - before)
    before = sentMs
    const meaning = await ask(client)
    if (meaning === 'in') lagMs = sentMs - fromMs
    // A node that cannot tell (503) has neither accepted nor refused.
    refusals = meaning === 'out' ? refusals + 1 : 0
    await delay(pauseMs)
  }
  return { id, lagMs, finished: refusals >= REFUSALS, gapsMs }
}

/** undefined: no whole answer came, or one that says neither. */
type Meaning = ReturnType<typeof meaningOf>

async function meaningFrom(
  client: Client,
  { method, path, headers }: RequestTemplate,
  target: Target,
  userId: string,
): Promise<Meaning> {
  try {
    if (target.statuses === undefined) {
      // With our own nodes the status says it all, and reading bodies would make questions fewer.
      const status = await statusOf(client, { method, path, headers })
      return status === undefined ? undefined : meaningOf(status)
    }
    const signal = AbortSignal.timeout(ANSWER_MS)
    const { statusCode, body } = await client.request({ method, path, headers: { ...headers }, signal })
    return definite(readLookup(target, userId, statusCode, await body.text().then(parse)))
  } catch {
    return undefined
  }
}

/** undefined: no whole answer came. */
async function statusOf(
  client: Client,
  { method, path, headers }: RequestTemplate,
): Promise<number | undefined> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS)
    const { statusCode, body } = await client.request({ method, path, headers: { ...headers }, signal })
    await body.dump()
    return statusCode
  } catch {
    return undefined
  }
}

function definite(opinion: ReturnType<typeof readLookup>): Meaning {
  return opinion === 'unclear' ? undefined : opinion
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

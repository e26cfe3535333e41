import { setTimeout as delay } from 'node:timers/promises'
import type { Credential } from '#contract/node-admin.ts'
import type { Target } from '#contract/target.ts'
import { ask } from '../survey.ts'

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

/** Refusals in a row after which a node is believed. */
const REFUSALS = 3

/** Asks every node by itself, again and again, until it refuses for good. The credential was revoked at `fromMs`. */
export async function watchCredential(
  target: Target,
  credential: Credential,
  fromMs: number,
  options: WatchOptions,
): Promise<Watched[]> {
  return Promise.all(
    target.nodes.map(async ({ id, url }) => ({
      id,
      ...(await watchNode(target, url, credential, fromMs, options)),
    })),
  )
}

async function watchNode(
  target: Target,
  url: string,
  credential: Credential,
  fromMs: number,
  { pauseMs, limitMs }: WatchOptions,
): Promise<Omit<Watched, 'id'>> {
  const gapsMs: number[] = []
  let lagMs = 0
  let refusals = 0
  let before: number | undefined
  while (refusals < REFUSALS && performance.now() - fromMs < limitMs) {
    const sentMs = performance.now()
    if (before !== undefined) gapsMs.push(sentMs - before)
    before = sentMs
    const opinion = await ask(target, url, credential)
    if (opinion === 'in') lagMs = sentMs - fromMs
    // A node that cannot tell (503) has neither accepted nor refused.
    refusals = opinion === 'out' ? refusals + 1 : 0
    await delay(pauseMs)
  }
  return { lagMs, finished: refusals >= REFUSALS, gapsMs }
}

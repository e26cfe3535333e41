import { sendOnce } from '#bench/load/send.ts'
import { quantile } from '#bench/statistics/median.ts'
import { createRandom } from '#bench/workload/random.ts'
import type { ForeignLag, ForeignService } from '#contract/foreign.ts'
import type { Credential } from '#contract/node-admin.ts'
import { demandRequest, renderRequest, type Target } from '#contract/target.ts'
import { openWatch, type Watched } from '../lag/watch-credential.ts'
import type { Progress } from '../progress.ts'
import { foreignLagSentence } from './foreign-sentences.ts'
import { signInMany } from './sign-in.ts'
import { demandTelling, placesOf } from './still-in.ts'

/** Between an answer and the next question. */
const PAUSE_MS = 5
const ANSWER_MS = 5_000

/** Logs users out one after the other and times, at every node, how long what they held is still accepted. */
export async function lagForeign(
  service: ForeignService,
  { probes, seed }: { readonly probes: number; readonly seed: number },
  progress: Progress,
  signal: AbortSignal,
): Promise<ForeignLag> {
  const { name, target, watchS } = service
  demandRequest(target, 'logout')
  const places = placesOf(target)
  const asked = { ...target, nodes: places }
  progress.update(`${name}: ${probes} logins`)
  const people = await signInMany(service, probes, 0, signal)
  const credentials = people.map(({ credential }) => credential)
  await demandTelling(target, credentials[0] as Credential)
  const watched: (readonly Watched[])[] = []
  // In an order that has nothing to do with the nodes they are on, which round robin visits in turn.
  for (const [done, credential] of createRandom(seed).shuffle(credentials).entries()) {
    if (signal.aborted) break
    progress.update(`${name}: logout ${done + 1} of ${probes}`)
    await using watch = await openWatch(asked, credential)
    const atMs = await logOut(target, credential)
    if (atMs !== undefined)
      watched.push(await watch.watch(atMs, { pauseMs: PAUSE_MS, limitMs: watchS * 1_000 }))
  }
  const gaps = watched.flat().flatMap(({ gapsMs }) => gapsMs)
  const seen = {
    service: name,
    asked: probes,
    acknowledged: watched.length,
    watchedMs: watchS * 1_000,
    nodes: places.map(({ id }) => {
      const own = watched.flat().filter((one) => one.id === id)
      return {
        id,
        lagsMs: own.map(({ lagMs }) => lagMs),
        open: own.filter(({ finished }) => !finished).length,
      }
    }),
    unfinished: watched.filter((nodes) => nodes.some(({ finished }) => !finished)).length,
    gapP99Ms: gaps.length === 0 ? null : quantile(gaps, 0.99),
    leftOut: [
      'bans, new passwords and demotions, which no file describes.',
      ...(target.nodes.length === 0 ? ['nodes one by one: the file gives them no addresses.'] : []),
    ],
  }
  return { ...seen, sentence: foreignLagSentence(seen) }
}

/** When the acknowledgement was there, on `performance.now()`; undefined: there was none. */
async function logOut(target: Target, credential: Credential): Promise<number | undefined> {
  const request = renderRequest(demandRequest(target, 'logout'), credential)
  const answer = await sendOnce(target.url, request, { timeoutMs: ANSWER_MS })
  const atMs = performance.now()
  return answer.kind === 'answer' && answer.status < 400 ? atMs : undefined
}

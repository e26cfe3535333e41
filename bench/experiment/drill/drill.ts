import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '#bench/workload/random.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { monotonicUs } from '#contract/clock.ts'
import type { History } from '#contract/history.ts'
import { labUserId } from '#contract/lab.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import { REFRESH_GRACE_MS } from '#contract/renewal.ts'
import { DrillClient } from './drill-client.ts'
import { DRILL_SETTINGS, USERS_OF_A_DRILL } from './drill-settings.ts'
import { EPISODES, type Episode } from './episodes.ts'
import { passGates } from './gated-episodes.ts'
import type { Held } from './held.ts'
import { Person } from './person.ts'
import { createRecorder } from './recorder.ts'
import { seed as seedLogin } from './sign-in.ts'
import { fallSilent, loseNews } from './store-episodes.ts'
import type { TroubledStore } from './troubled-store.ts'
import { look, lookEverywhere } from './using.ts'

export interface DrillPlan {
  readonly mode: ModeName
  /** Draws what happens and in what order; how it interleaves is up to the machine. */
  readonly seed: number
  /** Of the concurrent part. */
  readonly seconds: number
  /** Users with this index and after it are taken; nobody else may use them. */
  readonly firstUser: number
  readonly plant: string | undefined
  /** Run the races that gates decide too; the nodes have gates under NODE_ENV=test alone. */
  readonly gated: boolean
}

/** Users at a time, each with tabs of their own. */
const CROWD = 3

/**
 * Lets a few users live on a real cluster, all at the same time, and records what they see; then, where the mode has a
 * store of the lab's own, that store falls silent and loses its connections. The cluster must be in the mode.
 */
export async function drill(
  cluster: RunningCluster,
  store: TroubledStore | undefined,
  plan: DrillPlan,
  signal: AbortSignal,
): Promise<History> {
  const mode = MODES[plan.mode]
  const recorder = createRecorder(mode)
  const client = new DrillClient(mode, cluster, recorder)
  const random = createRandom(plan.seed)
  const people = Array.from(
    { length: USERS_OF_A_DRILL },
    (_, index) => new Person(labUserId(plan.firstUser + index), client, random.fork(`user ${index}`)),
  )
  const episodes = random.fork('episodes').shuffle(EPISODES)
  const [troubled, mayfly, ...rest] = people
  const deadlineUs = monotonicUs() + plan.seconds * 1e6
  const short = mayfly && (await seedLogin(mayfly, 1))
  if (mayfly && short) await look(mayfly, short)
  await Promise.all(
    Array.from({ length: CROWD }, (_, place) =>
      liveUntil(
        rest.filter((_person, index) => index % CROWD === place),
        episodes.filter((_episode, index) => index % CROWD === place),
        deadlineUs,
        signal,
      ),
    ),
  )
  // Where a revocation has a bound, all of them are past it by then.
  if (mode.verification === 'distributed') await delay(DRILL_SETTINGS.boundMs, undefined, { signal })
  await Promise.all(rest.map((person) => askOnceMore(person)))
  if (mayfly && short && recorder.lines.some(({ doneUs }) => doneUs > 2.5e6))
    await lookEverywhere(mayfly, short)
  if (plan.gated && mayfly) await passGates(mayfly)
  if (troubled && store && mode.needs.includes('redis') && !signal.aborted) {
    await fallSilent(troubled, store)
    if (mode.verification === 'distributed') await loseNews(troubled, store, DRILL_SETTINGS.boundMs)
  }
  const hasBound = mode.name === 'jwt-pushed' || mode.name === 'redis-cached'
  return {
    header: {
      history: 1,
      mode: mode.name,
      seed: plan.seed,
      nodes: cluster.nodes().length,
      ...(plan.plant === undefined ? {} : { plant: plan.plant }),
      ...(hasBound && { boundMs: DRILL_SETTINGS.boundMs }),
      graceMs: REFRESH_GRACE_MS,
      refreshS: DRILL_SETTINGS.refreshS,
      sessionsPerUser: DRILL_SETTINGS.sessionsPerUser,
    },
    lines: [...recorder.lines].sort((a, b) => a.invokedUs - b.invokedUs || a.seq - b.seq),
  }
}

/** Deals every kind of episode out, again and again; who lives with whom is fixed, so that users are alone with theirs. */
async function liveUntil(
  people: readonly Person[],
  episodes: readonly Episode[],
  deadlineUs: number,
  signal: AbortSignal,
): Promise<void> {
  for (let turn = 0; monotonicUs() < deadlineUs && !signal.aborted; turn += 1) {
    const person = people[turn % people.length]
    const episode = episodes[turn % episodes.length]
    if (person === undefined || episode === undefined) return
    await episode(person)
  }
}

/** The latest credentials of everybody, when all is quiet. */
async function askOnceMore(person: Person): Promise<void> {
  const last: readonly Held[] = person.all.slice(-12)
  for (const held of last) await lookEverywhere(person, held)
}

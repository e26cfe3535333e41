import { setTimeout as delay } from 'node:timers/promises'
import { formatCount } from '#bench/report/numbers.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { ModeName } from '#contract/modes.ts'
import type { SeedAnswer, SeedRequest } from '#contract/node-admin.ts'
import type { SelfCheck } from '#contract/result.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { payloadOf } from '../payload/payload.ts'
import type { Schedule } from '../progress.ts'
import { askAdmin } from './admin-client.ts'
import { countSessions, type Holding } from './count-sessions.ts'
import type { ClusterLab } from './lab.ts'
import { batchesOf, holderIds, type Shares } from './preload-shares.ts'
import { fillingMode, type SessionHome, sessionHome } from './session-home.ts'
import type { LiveSessions } from './session-room.ts'

/** A copy may have some to catch up, and a table that Redis resizes shows a key twice for a moment. */
const RECOUNTS = 60
const RECOUNT_MS = 500
/** What one session takes: for the estimate of the time left. */
const PLANNED_US: Readonly<Record<SessionHome, number>> = {
  'node-memory': 8,
  'every-node': 30,
  redis: 20,
  'redis-stock': 40,
}

/** Live sessions that nobody presents, in each home that a measurement looks into. */
export interface Preload {
  /** Fills the home of this mode, evenly by all nodes, unless that is done already. Leaves the cluster in any mode. */
  fill(mode: ModeName, schedule: Schedule, signal: AbortSignal): Promise<void>
  /** Counts again: were there as many as asked for when they had been made, and are there still? */
  checks(signal: AbortSignal): Promise<SelfCheck[]>
}

/** A home that was filled, and what was counted there. */
export interface Filled {
  home: SessionHome
  mode: ModeName
  seconds: number
  before: readonly Holding[]
  after: readonly Holding[]
}

/**
 * @param firstUser the index from which on nobody of the load comes, so that no logout of theirs ends any of these.
 * @throws StillinError where nobody is left to hold sessions.
 */
export function openPreload(lab: ClusterLab, live: LiveSessions, firstUser: number): Preload {
  const { sessions } = live
  const holders = lab.users - firstUser
  if (sessions > 0 && holders <= 0)
    throw new StillinError(`--sessions: all ${lab.users} people of this cluster belong to the load`, {
      exitCode: EXIT.usage,
      hint: `Start it with more than ${firstUser} users.`,
    })
  const shares: Shares = { sessions, firstUser, holders, nodes: lab.cluster.nodes().length }
  const filled: Filled[] = []
  return {
    async fill(mode, schedule, signal) {
      const home = sessionHome(mode)
      if (sessions === 0 || home === undefined || filled.some((one) => one.home === home)) return
      filled.push(await fillHome(lab, { mode, home, live, shares }, schedule, signal))
    },
    async checks(signal) {
      const checks: SelfCheck[] = []
      for (const one of filled) {
        await lab.cluster.setMode(fillingMode(one.mode))
        const end = await countSessions(lab, one.home, () => holderIds(shares), signal)
        checks.push(checkFilled(one, sessions, end))
      }
      return checks
    },
  }
}

/** Planned seconds of filling every home of these modes. */
export function preloadSeconds(modes: readonly ModeName[], sessions = 0): number {
  const homes = new Set(modes.map(sessionHome).filter((home) => home !== undefined))
  return [...homes].reduce((sum, home) => sum + (sessions * PLANNED_US[home]) / 1e6, 0)
}

interface Filling {
  mode: ModeName
  home: SessionHome
  live: LiveSessions
  shares: Shares
}

async function fillHome(
  lab: ClusterLab,
  filling: Filling,
  schedule: Schedule,
  signal: AbortSignal,
): Promise<Filled> {
  const { mode, home, live, shares } = filling
  const title = `${mode}: ${formatCount(live.sessions)} live sessions`
  schedule.begin(title)
  await lab.cluster.setMode(fillingMode(mode))
  const count = () => countSessions(lab, home, () => holderIds(shares), signal)
  const before = await count()
  const startedMs = performance.now()
  await make(lab, filling, title, schedule, signal)
  const seconds = (performance.now() - startedMs) / 1000
  schedule.begin(`${title}: counting them`)
  let after = await count()
  for (let again = 0; again < RECOUNTS && !isWhole(home, live.sessions, before, after); again += 1) {
    await delay(RECOUNT_MS, undefined, { signal })
    after = await count()
  }
  return { home, mode, seconds, before, after }
}

/** Every node makes its share at the same time as the others. */
async function make(
  { cluster }: ClusterLab,
  { home, live: { sessions, payloadBytes }, shares }: Filling,
  title: string,
  schedule: Schedule,
  signal: AbortSignal,
): Promise<void> {
  const data = payloadOf(payloadBytes)
  const startedMs = performance.now()
  let made = 0
  await Promise.all(
    cluster.nodes().map(async ({ adminUrl }, node) => {
      for (const { userIds, each } of batchesOf(shares, node)) {
        const request: SeedRequest = { userIds, each, answer: 'none', ...(data && { data }) }
        const path = ADMIN_ROUTES.sessions
        await askAdmin<SeedAnswer>(adminUrl, cluster.adminToken, 'POST', path, request, signal)
        const now = userIds.length * each
        made += now
        const leftS = ((performance.now() - startedMs) / 1000 / made) * (sessions - made)
        schedule.done((now * PLANNED_US[home]) / 1e6)
        const lateS = leftS - ((sessions - made) * PLANNED_US[home]) / 1e6
        schedule.begin(`${title}: ${formatCount(made)} are there, the rest in ${Math.ceil(leftS)} s`, lateS)
      }
    }),
  )
}

/** What came to it: in each node where every node holds all, together otherwise. */
function gained(home: SessionHome, before: readonly Holding[], after: readonly Holding[]): number[] {
  const gains = after.map(({ sessions }, index) => sessions - (before[index]?.sessions ?? 0))
  return home === 'every-node' ? gains : [gains.reduce((sum, gain) => sum + gain, 0)]
}

function isWhole(
  home: SessionHome,
  sessions: number,
  before: readonly Holding[],
  after: readonly Holding[],
): boolean {
  return gained(home, before, after).every((gain) => gain === sessions)
}

/** Exactly so many more than before when they were made; at the end, when the load's own are there too, no fewer. */
export function checkFilled(
  { home, mode, seconds, before, after }: Filled,
  sessions: number,
  end: readonly Holding[],
): SelfCheck {
  const stayed = gained(home, before, end).every((gain) => gain >= sessions)
  const made = new Set(gained(home, before, after).map(formatCount))
  const held = end.map((one) => `${one.holder} ${formatCount(one.sessions)}`).join(', ')
  return {
    name: `${mode}: ${formatCount(sessions)} live sessions are there`,
    ok: isWhole(home, sessions, before, after) && stayed,
    detail: `made in ${seconds.toFixed(1)} s, counted ${[...made].join(' and ')}; at the end, with those of the load: ${held}`,
    voids: 'run',
  }
}

import { checkGenerator } from '#bench/measure/generator-checks.ts'
import { checkServers } from '#bench/measure/server-checks.ts'
import { armName, MODES, type ModeName } from '#contract/modes.ts'
import type { RefreshHome } from '#contract/renewal.ts'
import { REFRESH_HOMES } from '#contract/renewal.ts'
import type { RenewalEvidence, SelfCheck } from '#contract/result.ts'
import type { BenchSettings } from '../costs/bench-settings.ts'
import type { SideVisit } from '../costs/rounds.ts'
import type { Lab } from '../lab/lab.ts'
import { summariseRefreshes } from './summarise-refreshes.ts'
import type { TakenRefreshes } from './take-refreshes.ts'
import { takeRefreshes } from './take-refreshes.ts'

/** Logging in and reading counters, beside the load: for the estimate of the time left. */
const OVERHEAD_S = 0.35
const WARM_UPS = 2
const WARM_UP_MS = 600

/** What refreshes cost, as the rounds of a comparison go on. */
export interface MeasuredRefreshes {
  /** One window a round for every mode and every home of the refresh token, at one node of this start of the stack. */
  visits(lab: Lab, signal: AbortSignal): SideVisit[]
  readonly leftOut: readonly string[]
  evidence(): RenewalEvidence
  checks(): SelfCheck[]
}

export function measureRefreshes(
  lab: Lab,
  modes: readonly ModeName[],
  settings: BenchSettings,
): MeasuredRefreshes {
  const taken: TakenRefreshes[] = []
  const wanted = modes.flatMap((mode) => REFRESH_HOMES.map((refresh) => ({ mode, refresh })))
  return {
    visits: (present, signal) =>
      wanted
        .filter((arm) => hasHome(lab, arm))
        .map(({ mode, refresh }) => {
          let isWarm = false
          return {
            name: `${mode}, refreshes (${refresh})`,
            seconds: (settings.leadMs + settings.windowMs + settings.tailMs) / 1000 + OVERHEAD_S,
            async take(round) {
              if (!isWarm) await warmUp(present, { mode, refresh }, settings, signal)
              isWarm = true
              taken.push(await takeRefreshes(present, { mode, refresh }, round, settings, signal))
            },
          }
        }),
    leftOut: wanted
      .filter((arm) => !hasHome(lab, arm))
      .map(({ mode }) => `${mode}, refresh tokens in the store: left out, for want of Redis`),
    evidence: () => summariseRefreshes(taken),
    checks: () => checkRefreshes(taken, settings),
  }
}

/** Before the first window that counts: what has never run before costs more. */
async function warmUp(
  lab: Lab,
  arm: { mode: ModeName; refresh: RefreshHome },
  settings: BenchSettings,
  signal: AbortSignal,
): Promise<void> {
  const quick = { ...settings, leadMs: 0, windowMs: WARM_UP_MS, tailMs: 10 }
  for (let times = 0; times < WARM_UPS; times += 1) await takeRefreshes(lab, arm, 0, quick, signal)
}

/** Tokens in a store need Redis, but where the mode's own logins are in the node's memory. */
function hasHome(lab: Lab, { mode, refresh }: { mode: ModeName; refresh: RefreshHome }): boolean {
  return (
    refresh === 'stateless' || MODES[mode].store === 'node-memory' || (lab.redis ?? lab.store) !== undefined
  )
}

/** As with lookups; what the nodes count of a refresh is that it was answered well. */
function checkRefreshes(taken: readonly TakenRefreshes[], { windowMs }: BenchSettings): SelfCheck[] {
  const windows = taken.map(({ row, load, ledger }) => ({
    arm: armName(row.mode, 'pair'),
    point: row.point,
    load,
    ledger: { ...ledger, lookups: ledger.ok },
    windowMs,
  }))
  if (windows.length === 0) return []
  return [...checkGenerator(windows), ...checkServers(windows)].map((check) => ({
    ...check,
    name: `refreshes: ${check.name}`,
  }))
}

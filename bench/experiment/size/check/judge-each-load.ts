import type { SelfCheck } from '#contract/result.ts'
import type { CheckedLoad } from '#contract/sizing.ts'
import { checkWindows } from '../../costs/check-windows.ts'
import type { Lab } from '../../lab/lab.ts'
import type { OneMachine } from '../capacity.ts'
import type { CheckSettings, TakenLoad } from './drive-loads.ts'
import { judgeLoad } from './judge-load.ts'
import type { PlannedLoad } from './planned-load.ts'

/** A load that could not be driven as planned voids its own row; only where nothing is left of a mode, the run. */
const OF_ONE_LOAD = ['achieved rate', 'generator has room']

/** Each load judged by its own checks, and all checks with the load they are of. */
export async function judgeLoads(
  loads: readonly PlannedLoad[],
  taken: readonly TakenLoad[],
  settings: CheckSettings,
  lab: Lab,
  machine: OneMachine,
): Promise<{ loads: CheckedLoad[]; checks: SelfCheck[] }> {
  const nodeIds = lab.cluster.nodes().map(({ id }) => id)
  const judged: CheckedLoad[] = []
  const checks: SelfCheck[] = []
  for (const load of loads) {
    const own = taken.filter(({ planned }) => planned === load)
    if (own.length === 0) continue
    const found = await checkWindows(own, settings, nodeIds)
    judged.push(judgeLoad(load, own, found, machine))
    checks.push(
      ...found.map((check) => ({
        ...check,
        arm: load.mode,
        detail: `at ${100 * load.share} %: ${check.detail}`,
        voids: OF_ONE_LOAD.includes(check.name) ? ('nothing' as const) : check.voids,
      })),
    )
  }
  const silent = lab.modes.filter(
    (mode) => !judged.some((one) => one.mode === mode && one.doubts.length === 0),
  )
  checks.push({
    name: 'every mode was measured at some load',
    ok: silent.length === 0,
    detail: silent.length === 0 ? `${judged.length} loads` : `none of ${silent.join(', ')} could be`,
    voids: 'run',
  })
  return { loads: judged, checks }
}

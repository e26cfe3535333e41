import { currentLoad, describeEnvironment } from '#bench/measure/environment.ts'
import { PROJECT_ROOT } from '#cluster/entry-point.ts'
import type { ModeName } from '#contract/modes.ts'
import type { RunResult } from '#contract/result.ts'
import { finishRun } from '../../finish-run.ts'
import { openLab } from '../../lab/lab.ts'
import { preloadSeconds } from '../../lab/preload.ts'
import { createSchedule, type Progress } from '../../progress.ts'
import { describeConfiguration } from '../../run-experiment.ts'
import { untilInterrupted } from '../../until-interrupted.ts'
import { demandUsable } from '../measured-costs.ts'
import { UTILISATION } from '../queueing.ts'
import { demandSameMachine, whatChanged } from './demand-same-machine.ts'
import { type CheckSettings, driveLoads, prepareModes, type TakenLoad, visitSeconds } from './drive-loads.ts'
import { judgeLoads } from './judge-each-load.ts'
import { spreadErrors } from './judge-load.ts'
import { labOfResult } from './lab-of-result.ts'
import { planModes } from './plan-modes.ts'
import { checkSentences } from './size-check-sentences.ts'

export interface SizeCheck {
  /** Whose projections are checked. */
  result: RunResult
  /** All that it can be projected for unless given. */
  modes: readonly ModeName[] | undefined
  rounds: number
  windowMs: number
  /** Longest warm-up of a mode, ms. */
  warmUpMaxMs: number
  seed: number
  redisUrl: string | undefined
  /** The command line that runs it again. */
  command: string
}

/** Load before each window, which also warms what a switch of the mode left cold; and after it. ms. */
const LEAD_MS = 300
const TAIL_MS = 50

/**
 * Starts the lab that the result was measured in, drives 30, 60 and 80 % of what it is projected to carry here in each
 * mode, and puts what was measured beside what was projected.
 * @throws StillinError where the result cannot be projected from, or is of another machine.
 */
export async function runSizeCheck(
  check: SizeCheck,
  progress: Progress,
  signal: AbortSignal,
): Promise<RunResult> {
  const { result } = check
  const startedAt = new Date()
  const loadBefore = currentLoad()
  demandUsable(result)
  const { forwarder, nodes } = result.configuration
  const here = await describeEnvironment({
    root: PROJECT_ROOT,
    gitDirty: null,
    redis: null,
    forwarder,
    loadBefore,
  })
  demandSameMachine(result, here)
  const machine = { nodes, cores: here.cgroupCpuLimit ?? here.cores }
  const planned = planModes(check, machine)
  const modes = [...new Set(planned.loads.map(({ mode }) => mode))]
  await using lab = await openLab(labOfResult(result, modes, check.redisUrl), progress, signal)
  const settings = settingsOf(check)
  const loads = planned.loads.filter(({ mode }) => lab.modes.includes(mode))
  const preparedS =
    (lab.modes.length * check.warmUpMaxMs) / 1000 + preloadSeconds(lab.modes, settings.sessions)
  const drivenS = loads.length * check.rounds * visitSeconds(settings)
  const schedule = createSchedule(progress, preparedS + drivenS)
  const { arms, canaries, preload } = await prepareModes(lab, settings, schedule, signal)
  const taken: TakenLoad[] = []
  await untilInterrupted(signal, () => driveLoads(lab, arms, loads, settings, schedule, signal, taken))
  // Before there is anything to keep, an interruption is thrown.
  if (taken.length === 0) signal.throwIfAborted()
  const filled = signal.aborted ? [] : await preload.checks(signal)
  const judged = await judgeLoads(loads, taken, settings, lab, machine)
  const run = await finishRun(lab, {
    kind: 'size-check',
    startedAt,
    loadBefore,
    seed: check.seed,
    command: check.command,
    configuration: describeConfiguration({ costs: settings, failures: undefined }, lab, undefined),
    checks: [...canaries, ...judged.checks, ...filled],
    leftOut: [...planned.leftOut, ...lab.leftOut],
    interrupted: signal.aborted,
  })
  const sizeCheck = {
    resultId: result.id,
    utilisation: UTILISATION,
    ...machine,
    capacities: planned.capacities,
    loads: judged.loads,
    errors: spreadErrors(judged.loads),
    differences: whatChanged(result, run.environment),
  }
  return { ...run, sizeCheck, sentences: checkSentences(sizeCheck) }
}

function settingsOf({
  result: { configuration },
  rounds,
  windowMs,
  warmUpMaxMs,
  seed,
}: SizeCheck): CheckSettings {
  const { via, connections, payloadBytes, sessions } = configuration
  return {
    via,
    connections,
    rounds,
    windowMs,
    leadMs: LEAD_MS,
    tailMs: TAIL_MS,
    ratePerS: undefined,
    warmUpMaxMs,
    seed,
    payloadBytes,
    sessions,
    users: connections * 8,
  }
}

import { currentLoad } from '#bench/measure/environment.ts'
import { median } from '#bench/statistics/median.ts'
import { createRandom, type Random } from '#bench/workload/random.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { BurdenRequest } from '#contract/node-admin.ts'
import type { RunResult } from '#contract/result.ts'
import { ADMIN_ROUTES } from '#contract/routes.ts'
import { READINGS } from '../costs/arm-metrics.ts'
import { type Arm, isAgeing, prepareArm } from '../costs/arms.ts'
import type { BenchSettings } from '../costs/bench-settings.ts'
import { checkWindows } from '../costs/check-windows.ts'
import { checkSaturation } from '../costs/saturation.ts'
import { type TakenWindow, takeWindow } from '../costs/take-window.ts'
import { warmUp } from '../costs/warm-up.ts'
import { finishRun } from '../finish-run.ts'
import { askAdmin } from '../lab/admin-client.ts'
import { type Lab, type LabOptions, openLab } from '../lab/lab.ts'
import { createSchedule, type Progress, type Schedule } from '../progress.ts'
import { describeConfiguration } from '../run-experiment.ts'
import { untilInterrupted } from '../until-interrupted.ts'
import { calibrationSentences } from './calibration-sentences.ts'
import { BLOCK_ROUNDS, COMPARISONS, checkPlants, judgePlants } from './judge-plants.ts'
import { burdenOf, judgeable, type Plant, type Programme } from './plants.ts'

export interface Calibration {
  lab: LabOptions
  settings: BenchSettings & { users: number; ratePerS: number }
  programme: Programme
  /** Rounds end when this is over. */
  budgetS: number
  command: string
}

const NOTHING: BurdenRequest = { cpuUs: 0, delayMs: 0 }
/** Windows that say what a request costs without any burden. */
const COST_WINDOWS = 9

/** A visit of the one node, with something planted or nothing. */
interface Visit {
  point: Plant['point']
  plant: Plant | undefined
}

type Planted = TakenWindow & { plant: string | undefined }

/** Plants slowdowns of known size in a node and asks the rule of claims what it sees of them, and of nothing. */
export async function runCalibration(
  { lab: options, settings, programme, budgetS, command }: Calibration,
  progress: Progress,
  signal: AbortSignal,
): Promise<RunResult> {
  if (options.cluster !== undefined)
    throw new StillinError('calibrate slows a node of its own down, which --cluster rules out', {
      exitCode: EXIT.usage,
    })
  const startedAt = new Date()
  const loadBefore = currentLoad()
  const nodeEnvironment = { ...options.nodeEnvironment, NODE_ENV: 'test' } as const
  await using lab = await openLab({ ...options, nodes: 1, nodeEnvironment }, progress, signal)
  const [mode] = lab.modes
  if (mode === undefined) throw new Error('there is no mode to calibrate with')
  const schedule = createSchedule(progress, budgetS)
  schedule.begin('warming up')
  const { arm, canaries } = await prepareArm(lab, mode, settings)
  await burden(lab, NOTHING)
  await warmUp(lab, arm, settings, signal)
  const requestCpuUs = await costOf(lab, arm, settings, signal)
  const taken: Planted[] = []
  await untilInterrupted(signal, () =>
    runVisits(lab, arm, { ...settings, programme, budgetS, requestCpuUs }, schedule, signal, taken),
  )
  await burden(lab, NOTHING)
  const rows = taken.map(({ row }) => row)
  const nodeIds = lab.cluster.nodes().map((node) => node.id)
  const checks = [...(await checkWindows(taken, settings, nodeIds)), ...checkSaturation(rows, [arm.name])]
  const { plants, sentences } = judgeable(programme.plants, checks)
  const effects = judgePlants(taken, plants, requestCpuUs, settings.seed)
  const rounds = Math.max(0, ...taken.map(({ row }) => row.round))
  const calibration = {
    mode,
    rounds,
    comparisons: COMPARISONS,
    blockRounds: BLOCK_ROUNDS,
    requestCpuUs,
    effects,
  }
  const result = await finishRun(lab, {
    kind: 'calibration',
    startedAt,
    loadBefore,
    seed: settings.seed,
    command,
    configuration: {
      ...describeConfiguration({ costs: { ...settings, rounds }, failures: undefined }, lab, undefined),
      ratePerS: settings.ratePerS,
    },
    checks: [canaries, ...checks, ...checkPlants(effects, plants)],
    windows: rows,
    leftOut: lab.leftOut,
    interrupted: signal.aborted,
  })
  return { ...result, calibration, sentences: [...calibrationSentences(calibration), ...sentences] }
}

/** Every round visits the node with each plant once and with none several times, at each point, in an order of its own. */
async function runVisits(
  lab: Lab,
  prepared: Arm,
  settings: Calibration['settings'] & { programme: Programme; budgetS: number; requestCpuUs: number },
  schedule: Schedule,
  signal: AbortSignal,
  taken: Planted[],
): Promise<void> {
  const untilMs = performance.now() + settings.budgetS * 1000
  let arm = prepared
  for (let round = 1; performance.now() < untilMs && round <= settings.rounds; round += 1) {
    const startedMs = performance.now()
    const random = createRandom(settings.seed).fork(`round-${round}`)
    if (isAgeing(arm, performance.now())) arm = (await prepareArm(lab, arm.mode, settings)).arm
    schedule.begin(`round ${round}`)
    for (const { point, plant } of visitsOf(random, settings.programme)) {
      signal.throwIfAborted()
      await burden(lab, plant ? burdenOf(plant, settings.requestCpuUs) : NOTHING)
      const window = await takeWindow(lab, arm, point, { round, visit: 0 }, settings, signal)
      taken.push({ ...window, plant: plant?.name })
    }
    schedule.done((performance.now() - startedMs) / 1000)
  }
}

function visitsOf(random: Random, { plants, plainVisits }: Programme): Visit[] {
  const points = new Set(plants.map(({ point }) => point))
  const plain = [...points].flatMap((point) =>
    Array.from({ length: plainVisits }, (): Visit => ({ point, plant: undefined })),
  )
  return random.shuffle([...plain, ...plants.map((plant): Visit => ({ point: plant.point, plant }))])
}

async function costOf(
  lab: Lab,
  arm: Arm,
  settings: Calibration['settings'],
  signal: AbortSignal,
): Promise<number> {
  const costs: number[] = []
  for (let index = 0; index < COST_WINDOWS; index += 1) {
    const { row } = await takeWindow(lab, arm, 'saturated', { round: 1, visit: 0 }, settings, signal)
    costs.push(READINGS.nodeCpuUs(row) ?? Number.NaN)
  }
  const cost = median(costs.filter(Number.isFinite))
  if (!Number.isFinite(cost))
    throw new StillinError('no request succeeded while the cost of one was measured')
  return cost
}

async function burden({ cluster }: Lab, request: BurdenRequest): Promise<void> {
  for (const node of cluster.nodes())
    await askAdmin(node.adminUrl, cluster.adminToken, 'PUT', ADMIN_ROUTES.burden, request)
}

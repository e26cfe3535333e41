import { currentLoad } from '#bench/measure/environment.ts'
import { createRandom } from '#bench/workload/random.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { labUserId } from '#contract/lab.ts'
import type { MigrationEvidence, MigrationStep } from '#contract/migration.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { Credential } from '#contract/node-admin.ts'
import type { RunResult } from '#contract/result.ts'
import { stillinTarget } from '#contract/target.ts'
import { surveyHoldings } from '../costs/survey.ts'
import { finishRun } from '../finish-run.ts'
import { type Lab, type LabOptions, openLab } from '../lab/lab.ts'
import { createSchedule, type Progress } from '../progress.ts'
import { describeConfiguration } from '../run-experiment.ts'
import { untilInterrupted } from '../until-interrupted.ts'
import { checkMigration } from './check-migration.ts'
import { lateness } from './lateness.ts'
import { migrateStep } from './migrate-step.ts'
import { migrationSentences } from './migration-sentences.ts'
import { openPeople } from './open-people.ts'
import { summariseStep } from './summarise-step.ts'

export interface MigrationOptions {
  lab: LabOptions
  /** In this order; at least two, neighbours differ. */
  modes: readonly ModeName[]
  /** Lookups a second over all users: each asks once in `users ÷ rate` seconds. */
  ratePerS: number
  seed: number
  command: string
}

/** People who are logged in and ask; the lab may know more. */
const USERS = 300
const STEP_S = 8
const PAUSES = { steadyMs: 1_500, settleMs: 1_000 } as const

/** One cluster whose mode is switched live from each to the next, under steady load. */
export async function runMigration(
  options: MigrationOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<RunResult> {
  const { modes, ratePerS, seed, command } = options
  if (options.lab.users <= USERS)
    throw new StillinError(`--users: a migration needs more than ${USERS}, not ${options.lab.users}`, {
      exitCode: EXIT.usage,
    })
  const startedAt = new Date()
  const loadBefore = currentLoad()
  await using lab = await openLab(options.lab, progress, signal)
  demandModes(lab, modes)
  const everyMs = (USERS / ratePerS) * 1000
  const common = { everyMs, ...PAUSES, random: createRandom(seed), bystander: labUserId(USERS) }
  const schedule = createSchedule(progress, (modes.length - 1) * STEP_S)
  const steps: MigrationStep[] = []
  const lateMs: number[] = []
  let wayBack: MigrationEvidence['wayBack'] = null
  await untilInterrupted(signal, async () => {
    const { clients, first } = await openPeople(lab.cluster, modes[0] ?? 'local', USERS)
    for (const [at, to] of modes.slice(1).entries()) {
      const from = modes[at] ?? to
      schedule.begin(`${from} → ${to}`)
      const record = await migrateStep(lab, { ...common, from, to, clients }, signal)
      steps.push(summariseStep(record))
      lateMs.push(...lateness(record.seen))
      schedule.done(STEP_S)
    }
    wayBack = await goBack(lab, modes, first)
  })
  const migration: MigrationEvidence = { users: USERS, everyMs, steps, wayBack }
  const asked = { costs: undefined, failures: undefined }
  const result = await finishRun(lab, {
    kind: 'chaos',
    startedAt,
    loadBefore,
    seed,
    command,
    configuration: { ...describeConfiguration(asked, lab, undefined), ratePerS },
    checks: checkMigration(migration, lateMs),
    leftOut: lab.leftOut,
    interrupted: signal.aborted,
  })
  return { ...result, migration, sentences: [...result.sentences, ...migrationSentences(migration)] }
}

/** A migration without one of its modes is another one. */
function demandModes(lab: Lab, modes: readonly ModeName[]): void {
  const absent = modes.find((mode) => !lab.modes.includes(mode))
  if (absent === undefined) return
  throw new StillinError(`--migrate: ${absent} cannot run here`, {
    exitCode: EXIT.unavailable,
    hint: lab.leftOut.join(' '),
  })
}

/** Nothing asks any more: the first mode again, and who is in with what they held at the start. */
async function goBack(
  { cluster }: Lab,
  [first]: readonly ModeName[],
  credentials: readonly Credential[],
): Promise<MigrationEvidence['wayBack']> {
  if (first === undefined) return null
  await cluster.setMode(first)
  const target = stillinTarget(MODES[first], cluster.proxy.url, cluster.nodes())
  const holdings = await surveyHoldings(target, credentials)
  const goodAgain = holdings.filter(({ acceptedBy }) => acceptedBy.length > 0).length
  return { mode: first, logins: credentials.length, goodAgain }
}

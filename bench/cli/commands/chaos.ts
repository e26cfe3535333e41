import { Command } from 'commander'
import { DEFAULT_FAILURE_SCHEDULE, scheduleOf } from '#bench/experiment/failures/failure-schedule.ts'
import { labFor } from '#bench/experiment/failures/fault-needs.ts'
import { readFaultSchedule } from '#bench/experiment/failures/read-fault-schedule.ts'
import { faultNames, faultOf, modesFor, type WantedFault } from '#bench/experiment/failures/wanted-fault.ts'
import { runExperiment } from '#bench/experiment/run-experiment.ts'
import { LOOKUPS_PER_S } from '#bench/experiment/storm/storm-plan.ts'
import { renderChaos } from '#bench/report/terminal/chaos-report.ts'
import { LAB } from '#contract/lab.ts'
import { FAULT_NAMES, type FaultName, type ModeName } from '#contract/modes.ts'
import type { StormSize } from '#contract/result.ts'
import type { CommandContext } from '../command-context.ts'
import { commandLine } from '../command-line.ts'
import { finish, type OutputFlags } from '../finish.ts'
import { demandWith, refuseTogether } from '../flag-pairs.ts'
import { chaosForeign } from '../foreign/chaos.ts'
import { foreignService, refuseOnForeign } from '../foreign/foreign-service.ts'
import { addLabFlags, type LabFlags, resolveLab } from '../lab-flags.ts'
import { addOutputFlags } from '../output-flags.ts'
import { duration, listOf, oneOf, steps, stormSize, wholeNumber } from '../parse-options.ts'
import { addRenewalFlags } from '../renewal-flags.ts'
import { showProgress } from '../show-progress.ts'
import { chaosMatrix } from './chaos-matrix.ts'
import { chaosMigrate } from './chaos-migrate.ts'
import { chaosOutages } from './chaos-outages.ts'
import { chaosStorm } from './chaos-storm.ts'

export interface ChaosFlags extends LabFlags, OutputFlags {
  fault?: FaultName
  schedule?: string
  at?: number
  for?: number
  rate?: number
  repeat?: number
  storm?: number
  migrate?: readonly ModeName[]
  project?: readonly StormSize[]
  matrix?: boolean
  outages?: boolean
  short?: boolean
  within?: number
  resume?: boolean
  seed?: number
}

const EXAMPLES = `
Examples:
  stillin chaos --fault kill-node
  stillin chaos --fault pause-redis --at 5s --for 2s
  stillin chaos --modes sticky,redis --repeat 5 --seed 7
  stillin chaos --schedule faults.json
  stillin chaos --storm 10000 --modes redis,sticky,jwt
  stillin chaos --migrate local,sticky,redis,jwt
  stillin chaos --matrix --short           at most 24 cells in five minutes
  stillin chaos --outages --short          Redis away: closed, stale or open, in two minutes

A schedule: [{"fault": "kill-node", "at": "2s"}, {"fault": "pause-node", "at": "6s", "for": "1s"}]`

/** It has faults and policies of its own, and clusters of its own. */
const NOT_WITH_OUTAGES = [
  ...(['matrix', 'storm', 'migrate', 'fault', 'schedule', 'at', 'for', 'repeat'] as const),
  ...(['within', 'cluster', 'outage', 'store'] as const),
]

/** `stillin chaos`: break one part under load, heal it, and say who is still in. */
export function chaosCommand(context: CommandContext): Command {
  const command = addRenewalFlags(addLabFlags(new Command('chaos')))
    .description(
      'break one part in the middle of a steady load: who was logged out, what failed, for how long',
    )
    .option('--fault <name>', `what breaks: ${FAULT_NAMES.join(', ')} (kill-node)`, oneOf(FAULT_NAMES))
    .option('--schedule <file>', 'several faults in a row, from a JSON file')
    .option('--at <time>', 'when it breaks, from the start of the load (5.5s)', duration)
    .option(
      '--for <time>',
      'when it is healed, from the fault (as long as that fault usually lasts)',
      duration,
    )
    .option(
      '--rate <per second>',
      `lookups a second (${LAB.failureRate}; with --storm ${LOOKUPS_PER_S})`,
      wholeNumber(10, 10_000),
    )
    .option('--repeat <count>', 'runs a mode, each with the next seed (1)', wholeNumber(1, 100))
    .option(
      '--storm <users>',
      'lose every login at once, and time until so many are in again',
      wholeNumber(1, 10_000),
    )
    .option(
      '--migrate <modes>',
      'switch the mode live from each to the next: who must log in again, what failed, for how long',
      steps,
    )
    .option(
      '--project <users/cores>',
      'with --storm: what else it is projected for, such as 50000/16',
      listOf(stormSize),
    )
    .option('--matrix', 'every fault in every mode that it has a meaning for; --modes unless given: all')
    .option(
      '--outages',
      'Redis in seven states under each policy of mode redis (closed, stale, open): who is served, who gets in; --modes unless given: redis',
    )
    .option(
      '--short',
      'with --matrix: at most 24 cells that show something of their own; with --outages: three states',
    )
    .option(
      '--within <time>',
      'with --matrix: begin no cell that would end later; with --storm: wait for nobody longer (600s at most)',
      duration,
    )
    .option('--resume', 'with --matrix: take up the one that was interrupted')
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action((flags: ChaosFlags) => {
      demandWith(flags, 'matrix', ['resume'])
      if (!flags.outages) demandWith(flags, 'matrix', ['short'])
      refuseTogether(flags, 'outages', NOT_WITH_OUTAGES)
      demandWith(flags, 'storm', ['project'])
      if (flags.storm === undefined) demandWith(flags, 'matrix', ['within'])
      refuseTogether(flags, 'matrix', ['fault', 'schedule', 'at', 'for', 'repeat'])
      refuseTogether(flags, 'schedule', ['fault', 'at', 'for'])
      refuseTogether(flags, 'storm', ['matrix', 'fault', 'schedule', 'at', 'for', 'repeat'])
      refuseTogether(flags, 'migrate', [
        'storm',
        'matrix',
        'fault',
        'schedule',
        'at',
        'for',
        'repeat',
        'modes',
        'mode',
        'cluster',
        'renewal',
      ])
      if (flags.migrate !== undefined) return chaosMigrate(context, flags, flags.migrate)
      if (flags.outages) return chaosOutages(context, flags)
      if (flags.storm !== undefined) return chaosStorm(context, flags, flags.storm)
      return flags.matrix ? chaosMatrix(context, flags) : chaos(context, flags)
    })
}

async function chaos(context: CommandContext, flags: ChaosFlags): Promise<void> {
  const service = foreignService(flags.cluster)
  if (service) {
    refuseOnForeign(flags, ['fault', 'at', 'for', 'rate', 'seed', 'json', 'out'])
    return chaosForeign(context, service, flags)
  }
  const { fault = 'kill-node', schedule: file, at, for: forMs, rate, repeat = 1, seed = 1, ...rest } = flags
  const { json, out, ...labFlags } = rest
  const wanted: WantedFault = file === undefined ? fault : readFaultSchedule(file)
  const asked = resolveLab(labFlags, context)
  const { modes, leftOut } = modesFor(asked.modes, wanted)
  const lab = { ...asked, modes, ...labFor(faultNames(wanted)), redisPersistence: 'aof' } as const
  using progress = showProgress(context)
  const base = { ...DEFAULT_FAILURE_SCHEDULE, ratePerS: rate ?? LAB.failureRate }
  const atMs = typeof wanted === 'string' ? at : wanted[0]?.atMs
  const schedule = scheduleOf(faultOf(wanted), base, { atMs, forMs })
  const what = file === undefined ? { fault, at: inMs(at), for: inMs(forMs) } : { schedule: file }
  const done = await runExperiment(
    {
      kind: 'chaos',
      lab,
      seed,
      command: commandLine('chaos', asked, {
        ...what,
        rate,
        repeat: repeat === 1 ? undefined : repeat,
        seed,
      }),
      leftOut,
      costs: undefined,
      failures: { fault: wanted, schedule, repeat },
    },
    progress,
    context.signal,
  )
  progress.pause()
  await finish(context, done, renderChaos, { json, out })
}

function inMs(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : `${ms}ms`
}

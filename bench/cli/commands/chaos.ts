import { Command } from 'commander'
import { DEFAULT_FAILURE_SCHEDULE, scheduleOf } from '#bench/experiment/failure-schedule.ts'
import { labFor } from '#bench/experiment/fault-needs.ts'
import { runExperiment } from '#bench/experiment/run-experiment.ts'
import { renderChaos } from '#bench/report/terminal/chaos-report.ts'
import { LAB } from '#contract/lab.ts'
import { FAULT_NAMES, type FaultName } from '#contract/modes.ts'
import type { CommandContext } from '../command-context.ts'
import { commandLine } from '../command-line.ts'
import { finish, type OutputFlags } from '../finish.ts'
import { addLabFlags, type LabFlags, resolveLab } from '../lab-flags.ts'
import { addOutputFlags } from '../output-flags.ts'
import { duration, oneOf, wholeNumber } from '../parse-options.ts'
import { addRenewalFlags } from '../renewal-flags.ts'
import { showProgress } from '../show-progress.ts'

interface ChaosFlags extends LabFlags, OutputFlags {
  fault?: FaultName
  at?: number
  for?: number
  rate?: number
  repeat?: number
  seed?: number
}

const EXAMPLES = `
Examples:
  stillin chaos --fault kill-node
  stillin chaos --fault pause-redis --at 5s --for 2s
  stillin chaos --modes sticky,redis --repeat 5 --seed 7`

/** `stillin chaos`: break one part under load, heal it, and say who is still in. */
export function chaosCommand(context: CommandContext): Command {
  const command = addRenewalFlags(addLabFlags(new Command('chaos')))
    .description(
      'break one part in the middle of a steady load: who was logged out, what failed, for how long',
    )
    .option('--fault <name>', `what breaks: ${FAULT_NAMES.join(', ')} (kill-node)`, oneOf(FAULT_NAMES))
    .option('--at <time>', 'when it breaks, from the start of the load (5.5s)', duration)
    .option(
      '--for <time>',
      'when it is healed, from the fault (as long as that fault usually lasts)',
      duration,
    )
    .option('--rate <per second>', `lookups a second (${LAB.failureRate})`, wholeNumber(10, 10_000))
    .option('--repeat <count>', 'runs a mode, each with the next seed (1)', wholeNumber(1, 100))
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action((flags: ChaosFlags) => chaos(context, flags))
}

async function chaos(context: CommandContext, flags: ChaosFlags): Promise<void> {
  const { fault = 'kill-node', at, for: forMs, rate, repeat = 1, seed = 1, json, out, ...labFlags } = flags
  const lab = { ...resolveLab(labFlags, context), ...labFor([fault]), redisPersistence: 'aof' } as const
  using progress = showProgress(context)
  const base = { ...DEFAULT_FAILURE_SCHEDULE, ratePerS: rate ?? LAB.failureRate }
  const schedule = scheduleOf(fault, base, { atMs: at, forMs })
  const times = { at: inMs(at), for: inMs(forMs) }
  const done = await runExperiment(
    {
      kind: 'chaos',
      lab,
      seed,
      command: commandLine('chaos', lab, {
        fault,
        ...times,
        rate,
        repeat: repeat === 1 ? undefined : repeat,
        seed,
      }),
      costs: undefined,
      failures: { fault, schedule, repeat },
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

import { join, relative } from 'node:path'
import { Command } from 'commander'
import { labFor } from '#bench/experiment/failures/fault-needs.ts'
import { type LagsOptions, lagUsers, runLags } from '#bench/experiment/lag/run-lags.ts'
import { writeResult } from '#bench/experiment/results/result-file.ts'
import { renderLags } from '#bench/report/terminal/lag-report.ts'
import { EXIT } from '#contract/errors.ts'
import { LAB } from '#contract/lab.ts'
import { LAG_FAULTS, type LagFault } from '#contract/lag.ts'
import type { RunResult } from '#contract/result.ts'
import type { CommandContext } from '../command-context.ts'
import { commandLine } from '../command-line.ts'
import { demandWith } from '../flag-pairs.ts'
import { foreignService, refuseOnForeign } from '../foreign/foreign-service.ts'
import { lagOfForeign } from '../foreign/lag.ts'
import { addLabFlags, type LabFlags, resolveLab } from '../lab-flags.ts'
import { checkOutputFolder } from '../output-folder.ts'
import { duration, listOf, oneOf, wholeNumber } from '../parse-options.ts'
import { showProgress } from '../show-progress.ts'

interface LagFlags extends LabFlags {
  probes?: number
  lifetime?: number
  seed?: number
  json?: boolean
  out?: string
  fault?: readonly LagFault[]
  for?: number
  perNode?: boolean
}

const PROBES = 8
const PROBES_AROUND_FAULT = 3

const EXAMPLES = `
Examples:
  stillin lag --modes all
  stillin lag --modes redis-cached,jwt-pushed --probes 30
  stillin lag --modes redis-cached,jwt-pushed --fault silent-redis,kill-redis --per-node
  stillin lag --modes redis --fault all

Around a fault, --probes of each kind are revoked just before it and as many while it lasts.
Exit codes: 0 every promise was kept · 3 one was not, or cannot be told.`

/** `--fault silent-redis,kill-node`, or `all`. */
const faultList = Object.assign(
  (text: string): readonly LagFault[] => (text === 'all' ? LAG_FAULTS : listOf(oneOf(LAG_FAULTS))(text)),
  { choices: ['all', ...LAG_FAULTS] },
)

/** `stillin lag`: who is still in after a logout, a ban, a new password, and for how long? */
export function lagCommand(context: CommandContext): Command {
  return checkOutputFolder(addLabFlags(new Command('lag')))
    .description('time every kind of revocation: from its acknowledgement to the last accept, at each node')
    .option(
      '--probes <count>',
      `revocations of each kind in each mode (${PROBES}; ${PROBES_AROUND_FAULT} with --fault)`,
      wholeNumber(1, 100),
    )
    .option(
      '--lifetime <s>',
      'of logins that end at expiry or by chance (2; with --fault 3 more than it lasts)',
      wholeNumber(1, 60),
    )
    .option('--fault <list>', `around these: all, or some of ${LAG_FAULTS.join(', ')}`, faultList)
    .option('--for <time>', 'with --fault: how long each lasts (as long as it usually does)', duration)
    .option('--per-node', 'with --fault: a row a node')
    .option(
      '--seed <number>',
      'draws the order of the revocations, and what is hit (1)',
      wholeNumber(0, 2 ** 31),
    )
    .option('--json', 'one line of JSON a mode and kind or fault, every lag in it, instead of the tables')
    .option('--out <folder>', 'where the result folders go (results)')
    .addHelpText('after', EXAMPLES)
    .action((flags: LagFlags) => {
      demandWith(flags, 'fault', ['for', 'perNode'])
      return lag(context, flags)
    })
}

async function lag(context: CommandContext, flags: LagFlags): Promise<void> {
  const { json = false, out, perNode = false, probes = PROBES, seed = 1 } = flags
  const service = foreignService(flags.cluster)
  if (service) {
    refuseOnForeign(flags, ['probes', 'seed', 'json'])
    return lagOfForeign(context, service, { probes, seed, json })
  }
  const options = optionsOf(context, flags)
  using progress = showProgress(context)
  const onLag = (one: object): void => {
    if (!json) return
    progress.pause()
    context.print(JSON.stringify(one))
  }
  const result = await runLags(options, onLag, progress, context.signal)
  progress.pause()
  const paths = await writeResult(out ?? join(context.folder, 'results'), result, [])
  if (!json) {
    const view = perNode ? 'each-node' : 'all-nodes'
    context.print(renderLags(result, { colour: context.colour, width: context.width }, view))
    const files = [paths.result, paths.summary, paths.report]
    context.print(files.map((file) => `  ${relative(context.folder, file)}`).join('\n'))
  }
  if (context.signal.aborted) context.exitWith(EXIT.interrupted)
  else if (!isKept(result)) context.exitWith(EXIT.invalid)
}

function optionsOf(context: CommandContext, flags: LagFlags): LagsOptions {
  const { probes, lifetime, seed = 1, json: _, out: __, fault, for: forMs, perNode: ___, ...labFlags } = flags
  const asked = resolveLab(labFlags, context)
  const around = fault && {
    faults: fault,
    forMs,
    probes: probes ?? PROBES_AROUND_FAULT,
    lifetimeS: lifetime,
    seed,
  }
  const faultFlags = fault && { fault: fault.join(), for: forMs === undefined ? undefined : `${forMs}ms` }
  const options: LagsOptions = {
    lab: { ...asked, ...(fault && { ...labFor(fault), redisPersistence: 'aof' as const }) },
    probes: probes ?? PROBES,
    lifetimeS: lifetime ?? 2,
    seed,
    underFault: around,
    command: commandLine('lag', asked, { ...faultFlags, probes, lifetime, seed }),
  }
  // Unless somebody asked for a number of users, there are as many as it takes.
  if (asked.users !== LAB.users || asked.cluster !== undefined) return options
  return { ...options, lab: { ...options.lab, users: Math.max(LAB.users, lagUsers(options)) } }
}

function isKept({ valid, checks, lags }: RunResult): boolean {
  const rows = lags?.underFault.flatMap((run) => run.rows) ?? []
  const isBroken =
    lags?.plain.some(({ kept }) => kept === false) ||
    rows.some(({ verdict }) => verdict === 'beyond' || verdict === 'cannot-tell')
  return valid && checks.every(({ ok }) => ok) && !isBroken
}

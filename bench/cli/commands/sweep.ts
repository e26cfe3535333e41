import { Command } from 'commander'
import { runSweep } from '#bench/experiment/sweep/run-sweep.ts'
import { renderSweep } from '#bench/report/terminal/sweep-report.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { ModeName } from '#contract/modes.ts'
import type { StoreName } from '#contract/stores.ts'
import { SWEEP_VARIABLES, type SweepVariable } from '#contract/sweep.ts'
import type { CommandContext } from '../command-context.ts'
import { commandLine } from '../command-line.ts'
import { finish, type OutputFlags } from '../finish.ts'
import { addLabFlags, type LabFlags, resolveLab } from '../lab-flags.ts'
import { addLoadFlags, type LoadFlags, loadWords, peopleFor, resolveLoad, usersOf } from '../load-flags.ts'
import { addOutputFlags } from '../output-flags.ts'
import { showProgress } from '../show-progress.ts'
import { sweepLoad } from '../sweep-load.ts'
import { sweepValues, sweepVariable } from '../sweep-values.ts'

interface SweepFlags extends LabFlags, LoadFlags, OutputFlags {
  over: SweepVariable
  values?: string
  seed?: number
}

const SWEEP_MODES: readonly ModeName[] = ['redis', 'cookie', 'jwt']

const EXAMPLES = `
Examples:
  stillin sweep --over payload --values 0,512,1024,2048
  stillin sweep --over redis-rtt --values 0,0.5,1,2 --modes redis,jwt
  stillin sweep --over sessions --values 1000,1000000 --modes redis,sticky
  stillin sweep --over jwt-alg --modes redis,jwt

Each value takes a stack of its own, about a minute for three modes; with --thorough three stacks, and
about twelve minutes.`

/** `stillin sweep`: one thing varied, a curve a mode, and where the order of two modes turns. */
export function sweepCommand(context: CommandContext): Command {
  const command = new Command('sweep')
    .description('vary one thing: a curve for each mode, and where the answer turns')
    .requiredOption('--over <what>', `one of ${SWEEP_VARIABLES.join(', ')}`, sweepVariable)
    .option('--values <list>', 'rising, such as 0,512,1024 (some that suit)')
  return addOutputFlags(addLoadFlags(addLabFlags(command, SWEEP_MODES)))
    .addHelpText('after', EXAMPLES)
    .action((flags: SweepFlags) => sweep(context, flags))
}

/** How far away something else is would not be what the sweep says. */
function demandRedis(over: string, store: StoreName = 'redis'): void {
  if (over !== 'redis-rtt' || store === 'redis') return
  throw new StillinError(`--over redis-rtt is about Redis, and --store ${store} takes its place`, {
    exitCode: EXIT.usage,
  })
}

/** An arm that is renewed has another name than its mode, by which a curve is drawn. */
function demandNoRefreshes({ mix }: SweepFlags): void {
  if ((mix?.refresh ?? 0) === 0) return
  throw new StillinError('--mix: a sweep sends no refreshes', {
    exitCode: EXIT.usage,
    hint: 'Leave refresh out, or use `stillin bench --mix`.',
  })
}

async function sweep(context: CommandContext, flags: SweepFlags): Promise<void> {
  const { over, seed = 1, json, out } = flags
  const values = sweepValues(over, flags.values)
  demandNoRefreshes(flags)
  const asked = resolveLab(flags, context, SWEEP_MODES)
  demandRedis(over, asked.store)
  const { lab, costs } = resolveLoad(sweepLoad(flags, asked.modes), asked, seed)
  // Each value is one start of the stack, and sessions of every step need people.
  const last = Number(values.at(-1))
  const sessions = over === 'sessions' ? last : (costs.sessions ?? 0)
  const people = peopleFor(sessions, over === 'connections' ? usersOf(last) : costs.users)
  const base = { lab: { ...lab, users: Math.max(lab.users, people) }, costs }
  const command = commandLine(
    'sweep',
    asked,
    { over, values: values.join(), ...loadWords(flags), seed },
    SWEEP_MODES,
  )
  using progress = showProgress(context)
  const result = await runSweep({ base, over, values, seed, command }, progress, context.signal)
  progress.pause()
  await finish(context, { result, history: [] }, renderSweep, { json, out })
}

import { Command, InvalidArgumentError } from 'commander'
import { BENCH_SETTINGS } from '#bench/experiment/costs/bench-settings.ts'
import { readResult } from '#bench/experiment/results/read-result.ts'
import { runSizeCheck } from '#bench/experiment/size/check/run-size-check.ts'
import { projectSizes } from '#bench/experiment/size/project.ts'
import { renderSizeCheck } from '#bench/report/terminal/size-check-report.ts'
import { renderSizing } from '#bench/report/terminal/sizing-report.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { ModeName } from '#contract/modes.ts'
import type { RunResult } from '#contract/result.ts'
import type { CommandContext } from '../command-context.ts'
import { resolveSettings } from '../config.ts'
import { finish, type OutputFlags } from '../finish.ts'
import { checkOutputFolder } from '../output-folder.ts'
import { modeList, wholeNumber } from '../parse-options.ts'
import { showProgress } from '../show-progress.ts'

interface SizeFlags extends OutputFlags {
  lookups?: number
  logins?: number
  sessions?: number
  cores?: number
  survive?: number
  loginCpuMs?: number
  sessionBytes?: number
  check?: boolean
  modes?: readonly ModeName[]
  rounds?: number
  windowMs?: number
  seed?: number
}

/** What has a meaning for a check alone. */
const OF_CHECK = ['modes', 'rounds', 'windowMs', 'seed', 'out'] as const
const ROUNDS = 6
const WINDOW_MS = 1_000

const EXAMPLES = `
Examples:
  stillin size --lookups 20000/s --logins 50/s --sessions 3e6 --cores 4 --survive 1 results/latest
  stillin size --check --modes redis,jwt results/latest

Everything it prints is projected from the costs of one run, never measured at that size. --check starts the lab of that
run again, drives 30, 60 and 80 % of what it is projected to carry here, and prints how far off the projections are;
about half a minute a mode.`

/** `stillin size`: what each mode of a run is projected to need for a load, and how good such projections are. */
export function sizeCommand(context: CommandContext): Command {
  return checkOutputFolder(new Command('size'))
    .description('project nodes, store, proxy and network for a load, from the costs of a run')
    .argument('<result>', 'a result.json of bench or verdict, or the folder it is in')
    .option('--lookups <per second>', 'such as 20000/s', amount)
    .option('--logins <per second>', 'such as 50/s (0)', amount)
    .option('--sessions <count>', 'live sessions, such as 3e6 (0)', amount)
    .option('--cores <count>', 'of each machine that runs nodes (4)', wholeNumber(1, 1024))
    .option('--survive <count>', 'machines that may be gone (1)', wholeNumber(0, 100))
    .option('--login-cpu-ms <ms>', 'CPU time of a password check, assumed (15)', wholeNumber(1, 10_000))
    .option(
      '--session-bytes <bytes>',
      'memory of a session beside its data, assumed (500)',
      wholeNumber(1, 100_000),
    )
    .option('--check', 'measure here how far off the projections of this result are')
    .option('--modes <list>', 'of the result, which to check (all that can be projected)', modeList)
    .option('--rounds <count>', `of a check: windows of each load (${ROUNDS})`, wholeNumber(1, 40))
    .option('--window-ms <ms>', `of a check: length of a window (${WINDOW_MS})`, wholeNumber(100, 60_000))
    .option('--seed <number>', 'of a check: repeats the order and the arrivals (1)', wholeNumber(0, 2 ** 31))
    .option('--out <folder>', 'of a check: where the result folders go (results)')
    .option('--json', 'print the projection, or the result of the check, instead of tables')
    .addHelpText('after', EXAMPLES)
    .action((path: string, flags: SizeFlags) => size(context, path, flags))
}

async function size(context: CommandContext, path: string, flags: SizeFlags): Promise<void> {
  const { lookups, check = false, json = false } = flags
  demandSense(flags)
  const result = readResult(path)
  if (lookups !== undefined && !(json && check)) project(context, result, { ...flags, lookups })
  if (check) await checkSizes(context, path, result, flags)
}

/** @throws StillinError for flags that say nothing together. */
function demandSense({ lookups, check, ...flags }: SizeFlags): void {
  const idle = check ? undefined : OF_CHECK.find((name) => flags[name] !== undefined)
  if (idle !== undefined) {
    const flag = idle === 'windowMs' ? 'window-ms' : idle
    throw new StillinError(`--${flag} has no meaning without --check`, { exitCode: EXIT.usage })
  }
  if (lookups !== undefined || check) return
  throw new StillinError('--lookups is missing: what is to be carried, such as --lookups 20000/s', {
    exitCode: EXIT.usage,
    hint: 'Or name --check, to see how far off the projections of this result are.',
  })
}

function project(context: CommandContext, result: RunResult, flags: SizeFlags & { lookups: number }): void {
  const {
    lookups,
    logins = 0,
    sessions = 0,
    cores = 4,
    survive = 1,
    loginCpuMs = 15,
    sessionBytes = 500,
  } = flags
  const demanded = { lookupsPerS: lookups, loginsPerS: logins, sessions, cores, survive }
  const sizing = projectSizes(result, demanded, { loginCpuMs, sessionBytes })
  const { colour, width } = context
  context.print(flags.json ? JSON.stringify(sizing) : renderSizing(sizing, { colour, width }))
}

async function checkSizes(
  context: CommandContext,
  path: string,
  result: RunResult,
  flags: SizeFlags,
): Promise<void> {
  const { modes, rounds = ROUNDS, windowMs = WINDOW_MS, seed = 1, json, out } = flags
  const words = Object.entries({ modes: modes?.join(), rounds: flags.rounds, 'window-ms': flags.windowMs })
    .flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${value}`]))
    .concat(`--seed ${seed}`, path)
  const { redisUrl } = resolveSettings({}, context)
  using progress = showProgress(context)
  const command = `stillin size --check ${words.join(' ')}`
  const { warmUpMaxMs } = BENCH_SETTINGS
  const checked = await runSizeCheck(
    { result, modes, rounds, windowMs, warmUpMaxMs, seed, redisUrl, command },
    progress,
    context.signal,
  )
  progress.pause()
  await finish(context, { result: checked, history: [] }, renderSizeCheck, { json, out })
}

/** `20000`, `20000/s`, `3e6` */
function amount(text: string): number {
  const [, digits] = /^(\d+(?:\.\d+)?(?:e\d{1,2})?)(?:\/s)?$/.exec(text) ?? []
  const value = Number(digits)
  if (digits === undefined || value > 1e9)
    throw new InvalidArgumentError('It must be a number such as 20000/s or 3e6.')
  return value
}

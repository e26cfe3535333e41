import { Command, InvalidArgumentError } from 'commander'
import { readResult } from '#bench/experiment/results/read-result.ts'
import { projectSizes } from '#bench/experiment/size/project.ts'
import { renderSizing } from '#bench/report/terminal/sizing-report.ts'
import type { CommandContext } from '../command-context.ts'
import { wholeNumber } from '../parse-options.ts'

interface SizeFlags {
  lookups: number
  logins?: number
  sessions?: number
  cores?: number
  survive?: number
  loginCpuMs?: number
  sessionBytes?: number
  json?: boolean
}

const EXAMPLES = `
Examples:
  stillin size --lookups 20000/s --logins 50/s --sessions 3e6 --cores 4 --survive 1 results/latest

Everything it prints is projected from the costs of one run, never measured at that size.`

/** `stillin size`: what each mode of a run is projected to need for a load. */
export function sizeCommand(context: CommandContext): Command {
  return new Command('size')
    .description('project nodes, store, proxy and network for a load, from the costs of a run')
    .argument('<result>', 'a result.json of bench or verdict, or the folder it is in')
    .requiredOption('--lookups <per second>', 'such as 20000/s', amount)
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
    .option('--json', 'print the projection instead of the table')
    .addHelpText('after', EXAMPLES)
    .action((path: string, flags: SizeFlags) => size(context, path, flags))
}

function size(context: CommandContext, path: string, flags: SizeFlags): void {
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
  const sizing = projectSizes(readResult(path), demanded, { loginCpuMs, sessionBytes })
  const { colour, width } = context
  context.print(flags.json ? JSON.stringify(sizing) : renderSizing(sizing, { colour, width }))
}

/** `20000`, `20000/s`, `3e6` */
function amount(text: string): number {
  const [, digits] = /^(\d+(?:\.\d+)?(?:e\d{1,2})?)(?:\/s)?$/.exec(text) ?? []
  const value = Number(digits)
  if (digits === undefined || value > 1e9)
    throw new InvalidArgumentError('It must be a number such as 20000/s or 3e6.')
  return value
}

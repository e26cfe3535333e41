import { Command } from 'commander'
import { runLags } from '#bench/experiment/lag/run-lags.ts'
import { renderLags } from '#bench/report/terminal/lag-table.ts'
import { EXIT } from '#contract/errors.ts'
import type { RevocationLag } from '#contract/lag.ts'
import type { CommandContext } from '../command-context.ts'
import { foreignService, refuseOnForeign } from '../foreign/foreign-service.ts'
import { lagOfForeign } from '../foreign/lag.ts'
import { addLabFlags, type LabFlags, resolveLab } from '../lab-flags.ts'
import { wholeNumber } from '../parse-options.ts'
import { showProgress } from '../show-progress.ts'

interface LagFlags extends LabFlags {
  probes?: number
  lifetime?: number
  seed?: number
  json?: boolean
}

const EXAMPLES = `
Examples:
  stillin lag --modes all
  stillin lag --modes redis-cached,jwt-pushed --probes 30

Exit codes: 0 every promise was kept · 3 one was not.`

/** `stillin lag`: who is still in after a logout, a ban, a new password, and for how long? */
export function lagCommand(context: CommandContext): Command {
  return addLabFlags(new Command('lag'))
    .description('time every kind of revocation: from its acknowledgement to the last accept, at each node')
    .option('--probes <count>', 'revocations of each kind in each mode (8)', wholeNumber(1, 100))
    .option('--lifetime <s>', 'of logins that end at expiry or by chance (2)', wholeNumber(1, 60))
    .option('--seed <number>', 'draws the order of the revocations (1)', wholeNumber(0, 2 ** 31))
    .option('--json', 'one line of JSON a mode and kind, every lag in it, instead of the table')
    .addHelpText('after', EXAMPLES)
    .action((flags: LagFlags) => lag(context, flags))
}

async function lag(context: CommandContext, flags: LagFlags): Promise<void> {
  const { probes = 8, lifetime = 2, seed = 1, json = false, ...labFlags } = flags
  const service = foreignService(labFlags.cluster)
  if (service) {
    refuseOnForeign(flags, ['probes', 'seed', 'json'])
    return lagOfForeign(context, service, { probes, seed, json })
  }
  const lags: RevocationLag[] = []
  using progress = showProgress(context)
  const { leftOut } = await runLags(
    { lab: resolveLab(labFlags, context), probes, lifetimeS: lifetime, seed },
    (one) => {
      lags.push(one)
      if (!json) return
      progress.pause()
      context.print(JSON.stringify(one))
    },
    progress,
    context.signal,
  )
  progress.pause()
  if (!json) context.print(renderLags(lags, { colour: context.colour, width: context.width }))
  for (const sentence of leftOut) context.note(sentence)
  if (context.signal.aborted) context.exitWith(EXIT.interrupted)
  else if (lags.some(({ kept }) => kept === false)) context.exitWith(EXIT.invalid)
}

import { Command } from 'commander'
import { examine } from '#bench/experiment/examine.ts'
import { renderMachine } from '#bench/report/terminal/machine-report.ts'
import type { CommandContext } from '../command-context.ts'
import { resolveSettings } from '../config.ts'
import { setting } from '../parse-options.ts'
import type { Settings } from '../settings.ts'

const EXAMPLES = `
Examples:
  stillin doctor
  stillin doctor --json`

/** `stillin doctor`: what is missing on this machine, for what, and the command that brings it. */
export function doctorCommand(context: CommandContext): Command {
  return new Command('doctor')
    .description('what is missing on this machine, for what, and the command that brings it')
    .option('--redis-url <url>', 'the Redis that runs would use; also REDIS_URL', setting('redisUrl'))
    .option('--json', 'print the findings instead of the table')
    .addHelpText('after', EXAMPLES)
    .action(async ({ json = false, ...flags }: Settings & { json?: boolean }) => {
      const { redisUrl } = resolveSettings(flags, context)
      const findings = await examine(redisUrl)
      const { colour, width } = context
      context.print(json ? JSON.stringify(findings) : renderMachine(findings, { colour, width }).trimEnd())
    })
}

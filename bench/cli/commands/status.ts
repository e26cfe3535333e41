import type { Command } from 'commander'
import { renderStatus } from '#bench/report/terminal/cluster-status.ts'
import type { CommandContext } from '../command-context.ts'
import { connectControl } from '../control-connection.ts'
import { controlCommand, controlFlags } from './control-command.ts'

/** `stillin status`: who is in the cluster, in which condition, and the mode. */
export function statusCommand(context: CommandContext): Command {
  const command = controlCommand('status')
    .description('show the running cluster: its mode and the condition of every part')
    .option('--json', 'one line of JSON, as control answers it')
    .addHelpText('after', '\nExamples:\n  stillin status\n  stillin status --json')
  return command.action(async ({ json }: { json?: boolean }) => {
    const control = await connectControl(controlFlags(command), context)
    const state = await control.state()
    const { colour, width } = context
    context.print(json === true ? JSON.stringify(state) : renderStatus(state, { colour, width }))
    if (json !== true && control.dashboard) context.print(`See it and play with it: ${control.dashboard}`)
  })
}

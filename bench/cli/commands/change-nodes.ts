import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { connectControl } from '../control-connection.ts'
import { controlCommand, controlFlags } from './control-command.ts'

/** `stillin add`: the running cluster grows by a node. */
export function addCommand(context: CommandContext): Command {
  const command = controlCommand('add')
    .description('start a further node that joins the running cluster')
    .addHelpText('after', '\nExamples:\n  stillin add')
  return command.action(async () => {
    const control = await connectControl(controlFlags(command), context)
    const id = await control.addNode()
    const { parts } = await control.state()
    const url = parts.find((part) => part.id === id)?.url
    const proxy = parts.find(({ kind }) => kind === 'proxy')?.condition
    const now = proxy === 'ready' ? 'it takes traffic' : `the proxy, which is ${proxy}, will know it`
    context.print(`${id} added${url === undefined ? '' : ` at ${url}`}; ${now}`)
  })
}

/** `stillin remove node-4`: the opposite. */
export function removeCommand(context: CommandContext): Command {
  const command = controlCommand('remove')
    .description('take a node out for good; logins that it alone holds are lost')
    .argument('<node>', 'node-1, node-2, …')
    .addHelpText(
      'after',
      '\nExamples:\n  stillin drain node-4    nobody new begins a login there\n  stillin remove node-4',
    )
  return command.action(async (nodeId: string) => {
    const control = await connectControl(controlFlags(command), context)
    await control.removeNode(nodeId)
    context.print(`${nodeId} removed`)
  })
}

import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from 'commander'
import { StillinError } from '#contract/errors.ts'
import type { CommandContext } from '../command-context.ts'
import { connectControl, isAlive } from '../control-connection.ts'
import { controlCommand, controlFlags } from './control-command.ts'

const DOWN_MS = 20_000
const LOOK_MS = 50

/** `stillin down`: ends the cluster that `stillin up` runs, and that command with it. */
export function downCommand(context: CommandContext): Command {
  const command = controlCommand('down')
    .description('end the running cluster')
    .addHelpText('after', '\nExamples:\n  stillin down')
  return command.action(async () => {
    const control = await connectControl(controlFlags(command), context)
    await control.shutdown()
    const deadlineMs = performance.now() + DOWN_MS
    while (await isAlive(control.url)) {
      if (performance.now() > deadlineMs) {
        throw new StillinError(`control at ${control.url} still answers after ${DOWN_MS} ms`)
      }
      await delay(LOOK_MS, undefined, { signal: context.signal })
    }
    context.print('the cluster is down')
  })
}

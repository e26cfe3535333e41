import type { Command } from 'commander'
import { wrap } from '#bench/report/terminal/wrap.ts'
import { MODE_NAMES, MODES, type ModeName } from '#contract/modes.ts'
import type { CommandContext } from '../command-context.ts'
import { connectControl } from '../control-connection.ts'
import { oneOf } from '../parse-options.ts'
import { controlCommand, controlFlags } from './control-command.ts'

const EXAMPLES = `
Modes:
${MODE_NAMES.flatMap((name) => wrap(MODES[name].summary, 98, `  ${name.padEnd(12)} `, ' '.repeat(15))).join('\n')}

Examples:
  stillin mode redis
  stillin mode jwt --control http://127.0.0.1:9090 --token-file control-token`

/** `stillin mode redis`: all nodes and the balancer together. */
export function modeCommand(context: CommandContext): Command {
  const command = controlCommand('mode')
    .description('switch how the running cluster remembers logins')
    .argument('<mode>', MODE_NAMES.join(', '), oneOf(MODE_NAMES))
    .addHelpText('after', EXAMPLES)
  return command.action(async (mode: ModeName) => {
    const control = await connectControl(controlFlags(command), context)
    const switched = await control.setMode(mode)
    context.print(`mode ${switched.mode}, generation ${switched.generation}: ${MODES[switched.mode].summary}`)
  })
}

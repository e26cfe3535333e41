import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { connectControl, type PartVerb } from '../control-connection.ts'
import { controlCommand, controlFlags } from './control-command.ts'

/** SIGKILL: the part has no time to say goodbye. */
export const killCommand = partCommand(
  'kill',
  'kill a part with SIGKILL; it is not started again by itself',
  'killed',
)
export const startCommand = partCommand(
  'start',
  "start a part that was killed, in the cluster's present mode",
  'started',
)
export const pauseCommand = partCommand(
  'pause',
  'stop a part with SIGSTOP: it keeps its connections and answers nothing',
  'paused',
)
export const resumeCommand = partCommand(
  'resume',
  'let a paused part go on (SIGCONT), or end a drain',
  'resumed',
)
export const drainCommand = partCommand(
  'drain',
  'send a node no new users; those pinned to it stay for a while',
  'is draining',
)

function partCommand(verb: PartVerb, description: string, done: string) {
  return (context: CommandContext): Command => {
    const command = controlCommand(verb)
      .description(description)
      .argument('<part>', 'node-1, node-2, …, proxy or redis')
      .addHelpText('after', `\nExamples:\n  stillin ${verb} node-2`)
    return command.action(async (partId: string) => {
      const control = await connectControl(controlFlags(command), context)
      await control.act(verb, partId)
      context.print(`${partId} ${done}`)
    })
  }
}

import type { Command } from 'commander'
import { EXIT, StillinError } from '#contract/errors.ts'
import { LINK_DELAY_MAX_MS, type LinkRequest, linkWords } from '#contract/links.ts'
import type { CommandContext } from '../command-context.ts'
import { connectControl } from '../control-connection.ts'
import { numberBetween } from '../parse-options.ts'
import { controlCommand, controlFlags } from './control-command.ts'

interface LinkFlags {
  delay?: number
  jitter?: number
  cut?: boolean
  silent?: boolean
  heal?: boolean
}

const EXAMPLES = `
Examples:
  stillin up --mode redis
  stillin link node-1 redis --delay 5
  stillin link node-1 redis --cut
  stillin link node-2 node-1 --silent
  stillin link node-1 redis --heal`

/** `stillin link`: slow, cut or silence the way from a node to Redis or to another node. */
export function linkCommand(context: CommandContext): Command {
  const command = controlCommand('link')
    .description('slow, cut or silence a link of a running cluster')
    .argument('<from>', 'node-1, node-2, …')
    .argument('<to>', 'redis, or another node')
    .option('--delay <ms>', 'added to every round trip', numberBetween(0, LINK_DELAY_MAX_MS))
    .option('--jitter <ms>', 'up to this much more, evenly drawn', numberBetween(0, LINK_DELAY_MAX_MS))
    .option('--cut', 'reset its connections, and new ones')
    .option('--silent', 'let nothing through, and tell nobody')
    .option('--heal', 'nothing is wrong any more')
    .addHelpText('after', EXAMPLES)
  return command.action(async (from: string, to: string, flags: LinkFlags) => {
    const request = requestOf(flags)
    const control = await connectControl(controlFlags(command), context)
    await control.link(from, to, request)
    context.print(`${from} → ${to}: ${linkWords(request)}`)
  })
}

/** @throws StillinError (usage) where the flags say nothing, or that it be healed and harmed at once. */
function requestOf({ delay, jitter, cut, silent, heal }: LinkFlags): LinkRequest {
  const request: LinkRequest = {
    ...(delay === undefined ? {} : { delayMs: delay }),
    ...(jitter === undefined ? {} : { jitterMs: jitter }),
    ...(cut ? { cut } : {}),
    ...(silent ? { silent } : {}),
  }
  const isEmpty = Object.keys(request).length === 0
  if (isEmpty === (heal === true)) return request
  throw new StillinError(
    isEmpty ? 'say what is wrong with the link' : '--heal goes with none of the other flags',
    { exitCode: EXIT.usage, hint: 'One of --delay, --jitter, --cut and --silent, or --heal.' },
  )
}

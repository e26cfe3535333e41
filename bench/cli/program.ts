import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { CommandContext } from './command-context.ts'
import { benchCommand } from './commands/bench.ts'
import { chaosCommand } from './commands/chaos.ts'
import { demoCommand } from './commands/demo.ts'
import { downCommand } from './commands/down.ts'
import { keysCommand } from './commands/keys.ts'
import { modeCommand } from './commands/mode.ts'
import {
  drainCommand,
  killCommand,
  pauseCommand,
  resumeCommand,
  startCommand,
} from './commands/part-actions.ts'
import { proxyCommand } from './commands/proxy.ts'
import { statusCommand } from './commands/status.ts'
import { upCommand } from './commands/up.ts'
import { verdictCommand } from './commands/verdict.ts'

/** In the order in which the help lists them. */
const COMMANDS: readonly ((context: CommandContext) => Command)[] = [
  demoCommand,
  verdictCommand,
  benchCommand,
  chaosCommand,
  upCommand,
  modeCommand,
  statusCommand,
  killCommand,
  startCommand,
  pauseCommand,
  resumeCommand,
  drainCommand,
  downCommand,
  keysCommand,
  proxyCommand,
]

const START = `stillin: still in after the crash? still in after the logout?

  stillin up --mode sticky     a real cluster: three auth nodes behind a proxy, until Ctrl-C
  stillin mode redis           switches it live, from another terminal
  stillin kill node-2          and see who is still in

  stillin --help               all commands`

/** The whole command line. Errors are thrown; nothing here ends the process. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('stillin')
    .description(
      'Runs a real cluster, switches how logins are remembered, breaks it, and says what each choice costs.',
    )
    .version(readVersion())
    .showHelpAfterError('(add --help for what is possible)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.print(text.trimEnd()),
      writeErr: (text) => context.note(text.trimEnd()),
    })
    .action((_options, { args: [unknown] }: Command) => {
      if (unknown !== undefined) throw noSuchCommand(unknown, program)
      context.print(START)
    })
  for (const command of COMMANDS) program.addCommand(command(context).copyInheritedSettings(program))
  // Only here, so that a command goes on refusing what it does not know.
  return program.allowExcessArguments()
}

function noSuchCommand(name: string, program: Command): StillinError {
  const known = program.commands.map((command) => command.name())
  return new StillinError(`there is no command ${JSON.stringify(name)}`, {
    exitCode: EXIT.usage,
    hint: `There are ${known.join(', ')}.`,
  })
}

function readVersion(): string {
  const file = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

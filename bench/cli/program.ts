import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { wrap } from '#bench/report/terminal/wrap.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { closestWord } from './closest-word.ts'
import type { CommandContext } from './command-context.ts'
import { refuseExcessArguments } from './excess-arguments.ts'
import { demandOnce } from './given-once.ts'

type MakeCommand = (context: CommandContext) => Command

/** In the order in which the help lists them. Each is loaded when it is called: charts are no part of `stillin status`. */
const COMMANDS: Readonly<Record<string, () => Promise<MakeCommand>>> = {
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
  life: async () => (await import('./commands/life.ts')).lifeCommand,
  verdict: async () => (await import('./commands/verdict.ts')).verdictCommand,
  bench: async () => (await import('./commands/bench.ts')).benchCommand,
  sweep: async () => (await import('./commands/sweep.ts')).sweepCommand,
  calibrate: async () => (await import('./commands/calibrate.ts')).calibrateCommand,
  size: async () => (await import('./commands/size.ts')).sizeCommand,
  chaos: async () => (await import('./commands/chaos.ts')).chaosCommand,
  lag: async () => (await import('./commands/lag.ts')).lagCommand,
  drill: async () => (await import('./commands/drill.ts')).drillCommand,
  judge: async () => (await import('./commands/judge.ts')).judgeCommand,
  compare: async () => (await import('./commands/compare.ts')).compareCommand,
  decide: async () => (await import('./commands/decide.ts')).decideCommand,
  report: async () => (await import('./commands/report.ts')).reportCommand,
  up: async () => (await import('./commands/up.ts')).upCommand,
  mode: async () => (await import('./commands/mode.ts')).modeCommand,
  status: async () => (await import('./commands/status.ts')).statusCommand,
  kill: async () => (await import('./commands/part-actions.ts')).killCommand,
  start: async () => (await import('./commands/part-actions.ts')).startCommand,
  pause: async () => (await import('./commands/part-actions.ts')).pauseCommand,
  resume: async () => (await import('./commands/part-actions.ts')).resumeCommand,
  drain: async () => (await import('./commands/part-actions.ts')).drainCommand,
  add: async () => (await import('./commands/change-nodes.ts')).addCommand,
  remove: async () => (await import('./commands/change-nodes.ts')).removeCommand,
  link: async () => (await import('./commands/link.ts')).linkCommand,
  down: async () => (await import('./commands/down.ts')).downCommand,
  keys: async () => (await import('./commands/keys.ts')).keysCommand,
  proxy: async () => (await import('./commands/proxy.ts')).proxyCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  completion: async () => (await import('./commands/completion.ts')).completionCommand,
}

/** As wide as the tables. */
const HELP_WIDTH_MAX = 100

const START = `stillin: still in after the crash? still in after the logout?

  stillin demo                 20 seconds: log in, kill the node, log out; each time: still in?
  stillin verdict              3 minutes: what each way to remember a login costs and loses
  stillin decide --help        which of them fits your limits, on what was measured

  stillin up --mode sticky     a real cluster to play with in the browser, until Ctrl-C
  stillin kill node-2          from another terminal: and see who is still in

  stillin doctor               what is missing on this machine
  stillin --help               all commands (in a clone: npx stillin …)`

/**
 * The command line for these arguments: the command they name, or all of them where help is wanted.
 * Errors are thrown; nothing here ends the process.
 */
export async function createProgram(context: CommandContext, args: readonly string[]): Promise<Command> {
  const program = new Command('stillin')
    .description(
      'Runs a real cluster, switches how logins are remembered, breaks it, and says what each choice costs.',
    )
    .version(readVersion())
    .showHelpAfterError('(add --help for what is possible)')
    .helpCommand(true)
    // A flag behind a command's command is that one's, also where both know it.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.print(withoutLongProse(text.trimEnd())),
      writeErr: (text) => context.note(text.trimEnd().replace(/^error: /, 'stillin: ')),
      getOutHelpWidth: () => Math.min(context.width, HELP_WIDTH_MAX),
      getErrHelpWidth: () => Math.min(context.width, HELP_WIDTH_MAX),
    })
    .action((_options, { args: [unknown] }: Command) => {
      if (unknown !== undefined) throw noSuchCommand(unknown)
      context.print(START)
    })
  for (const load of wanted(args)) {
    const makeCommand = await load()
    program.addCommand(withSettingsOf(program, makeCommand(context)))
  }
  // Only here, so that a command goes on refusing what it does not know.
  return program.allowExcessArguments()
}

/** Commands of a command end and print as it does: commander hands settings on only to what it makes itself. */
function withSettingsOf(parent: Command, command: Command): Command {
  command.copyInheritedSettings(parent)
  demandOnce(command)
  refuseExcessArguments(command)
  for (const child of command.commands) withSettingsOf(command, child)
  return command
}

function wanted([first]: readonly string[]): readonly (() => Promise<MakeCommand>)[] {
  if (first === undefined) return []
  const named = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined
  if (named !== undefined) return [named]
  return first === 'help' || first.startsWith('-') ? Object.values(COMMANDS) : []
}

function noSuchCommand(name: string): StillinError {
  const names = Object.keys(COMMANDS)
  const meant = closestWord(name, names)
  return new StillinError(`there is no command ${JSON.stringify(name)}`, {
    exitCode: EXIT.usage,
    hint: meant === undefined ? `There are ${names.join(', ')}.` : `Did you mean stillin ${meant}?`,
  })
}

/** What is indented is a table or a command to copy, and keeps its lines. */
function withoutLongProse(text: string): string {
  const lines = text.split('\n')
  return lines.flatMap((line) => (line.startsWith(' ') ? [line] : wrap(line, HELP_WIDTH_MAX))).join('\n')
}

function readVersion(): string {
  const file = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

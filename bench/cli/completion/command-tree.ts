import type { Argument, Command, Option } from 'commander'
import type { OptionParser } from '../parse-options.ts'

/** What a shell needs to know of one command. */
export interface CommandSpec {
  /** `keys create`; empty: the program itself. */
  readonly path: string
  readonly description: string
  readonly commands: readonly { readonly name: string; readonly description: string }[]
  readonly options: readonly OptionSpec[]
  /** Words that an argument may be; empty: any, a file for instance. */
  readonly argumentChoices: readonly string[]
  readonly takesArguments: boolean
}

export interface OptionSpec {
  /** `--mode` */
  readonly flag: string
  readonly description: string
  readonly takesValue: boolean
  /** Words that its value may be; empty: any. */
  readonly choices: readonly string[]
}

/** The program and all commands below it, each a row; what the parsers know of their values goes along. */
export function describeCommands(command: Command, path: readonly string[] = []): readonly CommandSpec[] {
  const spec: CommandSpec = {
    path: path.join(' '),
    description: command.description(),
    commands: command.commands.map((each) => ({ name: each.name(), description: each.description() })),
    options: [...command.options.flatMap(describeOption), HELP],
    argumentChoices: command.registeredArguments.flatMap(choicesOf),
    takesArguments: command.registeredArguments.length > 0,
  }
  return [spec, ...command.commands.flatMap((each) => describeCommands(each, [...path, each.name()]))]
}

const HELP: OptionSpec = {
  flag: '--help',
  description: 'display help for command',
  takesValue: false,
  choices: [],
}

function describeOption(option: Option): OptionSpec[] {
  if (option.long === undefined || option.long === null) return []
  const takesValue = option.required || option.optional
  return [{ flag: option.long, description: option.description, takesValue, choices: choicesOf(option) }]
}

function choicesOf({ parseArg }: Option | Argument): readonly string[] {
  return (parseArg as OptionParser<unknown> | undefined)?.choices ?? []
}

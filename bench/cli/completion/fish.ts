import type { CommandSpec, OptionSpec } from './command-tree.ts'

/** For fish: `stillin completion fish | source`. */
export function fishCompletion(specs: readonly CommandSpec[]): string {
  const lines = specs.flatMap((spec) => {
    const condition = conditionOf(spec, specs)
    return [
      ...spec.commands.map(
        ({ name, description }) =>
          `complete -c stillin -n ${quote(condition)} -f -a ${quote(name)} -d ${quote(description)}`,
      ),
      ...(spec.argumentChoices.length === 0
        ? []
        : [`complete -c stillin -n ${quote(condition)} -f -a ${quote(spec.argumentChoices.join(' '))}`]),
      ...spec.options.map(
        (option) =>
          `complete -c stillin -n ${quote(condition)} -l ${option.flag.slice(2)}${takingValue(option)} -d ${quote(option.description)}`,
      ),
    ]
  })
  return `# stillin completion fish: made from the command line itself\n${lines.join('\n')}\n`
}

function conditionOf({ path, commands }: CommandSpec, specs: readonly CommandSpec[]): string {
  if (path === '') return '__fish_use_subcommand'
  const seen = path
    .split(' ')
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join('; and ')
  const below = specs.some((other) => other.path.startsWith(`${path} `))
  return below
    ? `${seen}; and not __fish_seen_subcommand_from ${commands.map(({ name }) => name).join(' ')}`
    : seen
}

function takingValue({ takesValue, choices }: OptionSpec): string {
  if (!takesValue) return ''
  return choices.length === 0 ? ' -r' : ` -x -a ${quote(choices.join(' '))}`
}

/** One word for fish, which knows a backslash inside single quotes. */
function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}

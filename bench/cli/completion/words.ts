import type { CommandSpec } from './command-tree.ts'

/** Everything that can stand next after a command: subcommands, the choices of its argument, flags. */
export function wordsOf({ commands, argumentChoices, options }: CommandSpec): string {
  return [...commands.map(({ name }) => name), ...argumentChoices, ...options.map(({ flag }) => flag)].join(
    ' ',
  )
}

/** What can stand after each of its flags that takes a value; nothing: any text, a file for instance. */
export function wordsAfter({ options }: CommandSpec): readonly { flag: string; words: string }[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map(({ flag, choices }) => ({ flag, words: choices.join(' ') }))
}

/** One word for a POSIX shell, whatever is in it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

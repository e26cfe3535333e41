import type { Command } from 'commander'
import { EXIT, StillinError } from '#contract/errors.ts'
import { closestWord } from './closest-word.ts'

/** Names the argument that a command does not take, and the command of its own that was perhaps meant. */
export function refuseExcessArguments(command: Command): void {
  command.allowExcessArguments().hook('preAction', (_this, called) => {
    if (called !== command) return
    const { registeredArguments: known, commands } = command
    if (known.at(-1)?.variadic === true) return
    const excess = command.args[known.length]
    if (excess === undefined) return
    const names = commands.map((each) => each.name())
    const meant = closestWord(excess, names)
    throw new StillinError(`${command.name()} takes no argument ${JSON.stringify(excess)}`, {
      exitCode: EXIT.usage,
      hint:
        meant === undefined
          ? `stillin ${command.name()} --help says what it takes.`
          : `Did you mean ${command.name()} ${meant}?`,
    })
  })
}

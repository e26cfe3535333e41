import type { Command } from 'commander'
import { checkOutputFolder } from './output-folder.ts'
import { wholeNumber } from './parse-options.ts'

/** Flags of every command that leaves a result. */
export function addOutputFlags(command: Command): Command {
  return checkOutputFolder(command)
    .option(
      '--seed <number>',
      'repeats the order of rounds, the arrivals and the choice of victim (1)',
      wholeNumber(0, 2 ** 31),
    )
    .option('--json', 'print the result instead of the tables')
    .option('--out <folder>', 'where the result folders go (results)')
}

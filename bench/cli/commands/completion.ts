import { Argument, Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { bashCompletion } from '../completion/bash.ts'
import { describeCommands } from '../completion/command-tree.ts'
import { fishCompletion } from '../completion/fish.ts'
import { zshCompletion } from '../completion/zsh.ts'
import { oneOf } from '../parse-options.ts'

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const
const SHELL_NAMES = ['bash', 'zsh', 'fish'] as const

const EXAMPLES = `
Examples:
  eval "$(stillin completion bash)"       in ~/.bashrc
  eval "$(stillin completion zsh)"        in ~/.zshrc, after compinit
  stillin completion fish | source        in ~/.config/fish/config.fish

It completes the command named stillin: in a clone, alias stillin='npx stillin' first.`

/** `stillin completion bash`: a script that a shell reads, made from the commands themselves. */
export function completionCommand(context: CommandContext): Command {
  return new Command('completion')
    .description('print what a shell needs to complete commands, flags and their values')
    .addArgument(new Argument('<shell>', SHELL_NAMES.join(', ')).argParser(oneOf(SHELL_NAMES)))
    .addHelpText('after', EXAMPLES)
    .action(async (shell: (typeof SHELL_NAMES)[number]) => {
      // Loaded here: the program knows this command as one of its own.
      const { createProgram } = await import('../program.ts')
      const program = await createProgram(context, ['--help'])
      context.print(SHELLS[shell](describeCommands(program)).trimEnd())
    })
}

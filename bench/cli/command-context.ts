import type { ExitCode } from '#contract/errors.ts'
import type { Surroundings } from './config.ts'

/** What a command gets from the outside; `main.ts` makes the real one. */
export interface CommandContext extends Surroundings {
  /** Aborted by the first Ctrl-C or SIGTERM. Its reason is thrown by whatever was waiting. */
  readonly signal: AbortSignal
  /** The command's result, on standard output. */
  print(text: string): void
  /** What goes on meanwhile, on standard error. */
  note(text: string): void
  /** Is standard output a terminal that shows colours? */
  readonly colour: boolean
  /** Columns of standard output; 100 where it is no terminal. */
  readonly width: number
  /** Is standard error a terminal, where a line can be redrawn? */
  readonly interactive: boolean
  /** How the process will end, unless an error decides. */
  exitWith(code: ExitCode): void
}

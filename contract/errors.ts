/** Exit codes of the command, documented in the README. */
export const EXIT = {
  ok: 0,
  /** Something broke that is nobody's input. */
  failure: 1,
  /** Bad input: a flag, a setting, a file. */
  usage: 2,
  /** The run finished and a self-check says that its figures must not be used. */
  invalid: 3,
  /** What the command needs is not on this machine, or the port is taken. */
  unavailable: 4,
  /** `compare --fail-if`: a difference that is claimed lies beyond what was allowed. `decide`: no mode can be advised. */
  regression: 5,
  /** Ended by Ctrl-C or SIGTERM, everything healed and stopped. */
  interrupted: 130,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/**
 * An error meant for the person at the terminal: the message names what was wrong and the hint says what to do.
 * Everything else that is thrown is a fault of stillin's own and keeps its stack.
 */
export class StillinError extends Error {
  readonly exitCode: ExitCode
  readonly hint: string | undefined
  constructor(message: string, options: { exitCode?: ExitCode; hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'StillinError'
    this.exitCode = options.exitCode ?? EXIT.failure
    this.hint = options.hint
  }
}

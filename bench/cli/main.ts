import { CommanderError } from 'commander'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { CommandContext } from './command-context.ts'
import { canRedraw, columnsOf } from './terminal.ts'

/** One Ctrl-C may arrive several times: from the terminal, and passed on by npm or npx. */
const ONE_PRESS_MS = 700

const interruption = new AbortController()
let firstSignalMs: number | undefined

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    const nowMs = performance.now()
    if (firstSignalMs === undefined) {
      firstSignalMs = nowMs
      interruption.abort()
    } else if (nowMs - firstSignalMs > ONE_PRESS_MS) {
      // The second press: every child notices by itself that its parent has gone.
      process.exit(EXIT.interrupted)
    }
  })
}

// A reader that leaves early (`stillin status | head -1`) is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok)
    throw error
  })
}

const context: CommandContext = {
  environment: process.env,
  folder: process.cwd(),
  signal: interruption.signal,
  print: (text) => void process.stdout.write(`${text}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
  colour: process.stdout.isTTY === true && !process.env['NO_COLOR'],
  width: columnsOf(process.stdout),
  interactive: canRedraw(process.stderr),
  exitWith: (code) => {
    process.exitCode = code
  },
}

try {
  // Loaded only now: a Ctrl-C is heard from the first moment.
  const { createProgram } = await import('./program.ts')
  const program = await createProgram(context, process.argv.slice(2))
  await program.parseAsync(process.argv)
} catch (error) {
  process.exitCode = explain(error)
}

/** Says what went wrong to whoever can do something about it, and how the process ends. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  if (interruption.signal.aborted && isInterruption(error)) {
    context.note('interrupted; everything that was started has been stopped')
    return EXIT.interrupted
  }
  if (error instanceof StillinError) {
    context.note(`stillin: ${error.message}`)
    if (error.hint !== undefined) context.note(`  ${error.hint}`)
    return error.exitCode
  }
  console.error(error)
  return EXIT.failure
}

function isInterruption(error: unknown): boolean {
  return error === interruption.signal.reason || (error instanceof Error && error.name === 'AbortError')
}

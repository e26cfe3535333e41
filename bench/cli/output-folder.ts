import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { EXIT, StillinError } from '#contract/errors.ts'
import { fileProblem } from '#contract/file-problem.ts'

/** Where results go unless `--out` says otherwise. */
const RESULTS = 'results'

/**
 * Before the command runs: results can be left where `--out` says. Found out only at the end, it would cost the run.
 */
export function checkOutputFolder(command: Command): Command {
  return command.hook('preAction', (_this, called) => {
    // A projection leaves nothing; only its check does.
    const leavesResults = command.name() !== 'size' || command.getOptionValue('check') === true
    if (called === command && leavesResults)
      demandWritable(command.getOptionValue('out') as string | undefined)
  })
}

/** Makes the folder, writes into it, and takes both away again. */
function demandWritable(out: string | undefined): void {
  const folder = resolve(out ?? RESULTS)
  if (out === '') throw refuse('--out is empty')
  try {
    const made = mkdirSync(folder, { recursive: true })
    try {
      rmdirSync(mkdtempSync(join(folder, '.stillin-')))
    } finally {
      if (made !== undefined) removeFrom(folder, made)
    }
  } catch (error) {
    const where = out === undefined ? `the folder ${RESULTS}` : `--out: ${out}`
    throw refuse(`${where} cannot be written to: ${fileProblem(error)}`)
  }
}

/** From the innermost to the first that was made. Whatever another run has put there meanwhile stays. */
function removeFrom(folder: string, first: string): void {
  try {
    for (let path = folder; path.length >= first.length; path = dirname(path)) rmdirSync(path)
  } catch {
    // It is in use already.
  }
}

function refuse(message: string): StillinError {
  return new StillinError(message, { exitCode: EXIT.usage, hint: 'Name a folder with --out.' })
}

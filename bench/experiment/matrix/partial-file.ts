import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { FailureRun } from '#contract/result.ts'

/** The cells of a matrix that are done, kept while it runs, so that it can be taken up again. A line a cell. */
export interface PartialFile {
  readonly done: readonly FailureRun[]
  add(run: FailureRun): void
  /** The matrix is complete, and its result file holds it all. */
  remove(): void
}

/**
 * @param command what was asked for: cells of another matrix are not mixed in.
 * @param resume take up what is there; otherwise it is begun anew.
 * @throws StillinError (usage) where there is nothing to take up, or something else.
 */
export function openPartialFile(path: string, command: string, resume: boolean): PartialFile {
  const done = resume ? readCells(path, command) : []
  if (!resume) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${JSON.stringify({ command })}\n`)
  }
  return {
    done,
    add: (run) => appendFileSync(path, `${JSON.stringify(run)}\n`),
    remove: () => rmSync(path, { force: true }),
  }
}

function readCells(path: string, command: string): FailureRun[] {
  if (!existsSync(path)) {
    throw new StillinError(`--resume: there is no ${path}`, {
      exitCode: EXIT.usage,
      hint: 'A matrix that was completed leaves none; start one without --resume.',
    })
  }
  // The last line may have been cut off by whatever ended the run.
  const [head, ...cells] = readFileSync(path, 'utf8').split('\n').flatMap(parsed)
  const begun = (head as { command?: unknown } | undefined)?.command
  if (begun === command) return cells as FailureRun[]
  throw new StillinError(`--resume: ${path} was begun by ${JSON.stringify(begun)}`, {
    exitCode: EXIT.usage,
    hint: 'Give the same flags, or leave --resume out and begin anew.',
  })
}

function parsed(line: string): unknown[] {
  try {
    return [JSON.parse(line)]
  } catch {
    return []
  }
}

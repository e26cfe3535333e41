import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { FailureRun } from '#contract/result.ts'
import { type Begun, differences } from './begun.ts'

/** The cells of a matrix that are done, kept while it runs, so that it can be taken up again. A line a cell. */
export interface PartialFile {
  readonly done: readonly FailureRun[]
  /** Where the cells of an earlier matrix that was not completed are put when the first cell is done; undefined: there are none. */
  readonly aside: string | undefined
  add(run: FailureRun): void
  /** The matrix is complete, and its result file, which holds it all, is written. */
  remove(): void
}

/**
 * Nothing is written before the first cell is done.
 * @param begun what was asked for: cells of another matrix are not mixed in.
 * @param resume take up what is there; otherwise it is begun anew.
 * @throws StillinError (usage) where there is nothing to take up, or something else.
 */
export function openPartialFile(path: string, begun: Begun, resume: boolean): PartialFile {
  const done = resume ? readCells(path, begun) : []
  // Half an hour of cells is not thrown away because somebody forgot a flag.
  const aside = resume || !holdsCells(path) ? undefined : path.replace(/(\.ndjson)?$/, '.before$1')
  let isBegun = false
  return {
    done,
    aside,
    add(run) {
      if (!isBegun) {
        isBegun = true
        if (aside !== undefined) renameSync(path, aside)
        mkdirSync(dirname(path), { recursive: true })
        // Also when taken up: a line that was cut off must not spoil the one after it.
        writeFileSync(path, [{ begun }, ...done].map((line) => `${JSON.stringify(line)}\n`).join(''))
      }
      appendFileSync(path, `${JSON.stringify(run)}\n`)
    },
    remove: () => rmSync(path, { force: true }),
  }
}

function holdsCells(path: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8').split('\n').flatMap(parsed).length > 1
}

function readCells(path: string, begun: Begun): FailureRun[] {
  if (!existsSync(path)) {
    throw new StillinError(`--resume: there is no ${path}`, {
      exitCode: EXIT.usage,
      hint: 'A matrix that was completed leaves none; start one without --resume.',
    })
  }
  // The last line may have been cut off by whatever ended the run.
  const [head, ...cells] = readFileSync(path, 'utf8').split('\n').flatMap(parsed)
  const before = (head as { begun?: Begun } | undefined)?.begun
  if (before === undefined) throw refused(path, 'it does not say what it was begun with')
  const [first, ...others] = differences(before, begun)
  if (first === undefined) return cells as FailureRun[]
  throw refused(path, `it was begun with other settings: ${[first, ...others].join('; ')}`)
}

function refused(path: string, why: string): StillinError {
  return new StillinError(`--resume: ${path}: ${why}`, {
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

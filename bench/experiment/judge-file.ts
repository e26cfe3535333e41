import { readFileSync } from 'node:fs'
import { judgeHistory } from '#bench/check/judge-history.ts'
import { parseHistory } from '#bench/check/parse-history.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { fileProblem } from '#contract/file-problem.ts'
import type { Judgement } from '#contract/judgement.ts'
import type { ModeName } from '#contract/modes.ts'

/**
 * Runs all checkers on a recorded history.
 * @param as judge by this mode's row of the table, whatever the lines name.
 * @throws StillinError (usage) for a file that cannot be read or is no history, naming line and field.
 */
export function judgeFile(file: string, as?: ModeName): Judgement[] {
  return judgeHistory(parseHistory(readText(file), file), as)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new StillinError(`${file} cannot be read: ${fileProblem(cause)}`, { exitCode: EXIT.usage, cause })
  }
}

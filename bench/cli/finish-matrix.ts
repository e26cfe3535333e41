import type { PartialFile } from '#bench/experiment/matrix/partial-file.ts'
import type { DoneMatrix } from '#bench/experiment/matrix/run-matrix.ts'
import { renderMatrix } from '#bench/report/terminal/matrix-report.ts'
import { EXIT } from '#contract/errors.ts'
import type { CommandContext } from './command-context.ts'
import { finish, type OutputFlags } from './finish.ts'

/**
 * Leaves a matrix's files and prints its table. The cells that were kept while it ran go when it is complete and its
 * result is on the disk, and not before: whatever comes between, `--resume` has them still.
 */
export async function finishMatrix(
  context: CommandContext,
  { result, isComplete }: DoneMatrix,
  kept: Pick<PartialFile, 'remove'>,
  flags: OutputFlags,
): Promise<void> {
  await finish(context, { result, history: [] }, renderMatrix, flags)
  if (isComplete) kept.remove()
  if (result.valid && result.checks.some(({ ok }) => !ok)) context.exitWith(EXIT.invalid)
}

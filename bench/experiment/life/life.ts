import type { Life } from '#contract/life.ts'
import { type LabOptions, openClusterLab } from '../lab/lab.ts'
import type { Progress } from '../progress.ts'
import { liveOnce } from './live-once.ts'

/** Walks one user through a login's whole life in every mode that can run here; each life is handed over when it is done. */
export async function runLives(
  options: LabOptions,
  onLife: (life: Life) => void,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ leftOut: readonly string[] }> {
  await using lab = await openClusterLab(options, progress, signal)
  for (const [index, mode] of lab.modes.entries()) {
    signal.throwIfAborted()
    progress.update(`${mode}: the life of a login`)
    onLife(await liveOnce(lab, mode, `user-${index + 2}`))
  }
  return { leftOut: lab.leftOut }
}

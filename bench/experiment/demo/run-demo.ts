import type { DemoClient, DemoMode } from '#contract/demo.ts'
import { labUserId } from '#contract/lab.ts'
import { whenWhole } from '../failures/when-whole.ts'
import { type LabOptions, openClusterLab } from '../lab/lab.ts'
import type { Progress } from '../progress.ts'
import { demonstrate } from './demo.ts'

/** Shows every mode that can run here, one after the other, on one cluster; each is handed over as it is done. */
export async function runDemo(
  options: LabOptions,
  onMode: (demo: DemoMode) => void,
  progress: Progress,
  signal: AbortSignal,
  keeps: DemoClient = 'cookies',
): Promise<{ leftOut: readonly string[] }> {
  await using lab = await openClusterLab(options, progress, signal)
  for (const [index, mode] of lab.modes.entries()) {
    signal.throwIfAborted()
    progress.update(`${mode}: log in, kill the node, log out`)
    await whenWhole(lab.cluster, signal)
    // Another user each time, so that no step of one mode can help the next.
    onMode(await demonstrate(lab.cluster, mode, labUserId(index + 1), lab.renewal, keeps))
  }
  return { leftOut: lab.leftOut }
}

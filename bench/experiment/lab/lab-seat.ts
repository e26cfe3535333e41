import type { Progress } from '../progress.ts'
import { type Lab, type LabOptions, openLab } from './lab.ts'

/** The lab in use: where a run starts its stack anew, the next one takes the former's place. */
export interface LabSeat extends AsyncDisposable {
  readonly lab: Lab
  /** Ends every process and starts all of them again; not interrupted half-way, so that there is always a lab. */
  restart(): Promise<Lab>
}

/** @throws StillinError when nothing of what was asked for can run here. */
export async function openLabSeat(
  options: LabOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<LabSeat> {
  let lab = await openLab(options, progress, signal)
  return {
    get lab() {
      return lab
    },
    async restart() {
      await lab[Symbol.asyncDispose]()
      lab = await openLab(options, progress, new AbortController().signal)
      return lab
    },
    [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
  }
}

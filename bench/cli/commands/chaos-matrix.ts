import { join } from 'node:path'
import { describeBegun } from '#bench/experiment/matrix/begun.ts'
import { openPartialFile } from '#bench/experiment/matrix/partial-file.ts'
import { runMatrix } from '#bench/experiment/matrix/run-matrix.ts'
import { LAB } from '#contract/lab.ts'
import { MODE_NAMES } from '#contract/modes.ts'
import type { CommandContext } from '../command-context.ts'
import { commandLine } from '../command-line.ts'
import { finishMatrix } from '../finish-matrix.ts'
import { foreignService, refuseOnForeign } from '../foreign/foreign-service.ts'
import { resolveLab } from '../lab-flags.ts'
import { showProgress } from '../show-progress.ts'
import type { ChaosFlags } from './chaos.ts'

/** `stillin chaos --matrix`. Ends with exit code 3 where a cell counts for nothing. */
export async function chaosMatrix(context: CommandContext, flags: ChaosFlags): Promise<void> {
  const { short = false, within, resume = false, rate, seed = 1, json, out, matrix: _, ...labFlags } = flags
  if (foreignService(labFlags.cluster)) refuseOnForeign(flags, ['fault', 'at', 'for'])
  const lab = { ...resolveLab(labFlags, context, MODE_NAMES), redisPersistence: 'aof' } as const
  using progress = showProgress(context)
  const name = short ? 'chaos --matrix --short' : 'chaos --matrix'
  const command = commandLine(name, lab, { rate, seed }, MODE_NAMES)
  const folder = out ?? join(context.folder, 'results')
  const what = { seed, ratePerS: rate ?? LAB.failureRate, short }
  const begun = await describeBegun(lab, what)
  const kept = openPartialFile(join(folder, 'matrix.partial.ndjson'), begun, resume)
  if (kept.aside !== undefined)
    context.note(`a matrix that was not completed will be put aside, in ${kept.aside}; --resume takes it up`)
  const options = { lab, ...what, withinMs: within, command }
  const done = await runMatrix(options, kept, progress, context.signal)
  progress.pause()
  await finishMatrix(context, done, kept, { json, out })
}

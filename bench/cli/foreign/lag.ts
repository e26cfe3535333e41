import { lagForeign } from '#bench/experiment/foreign/lag-foreign.ts'
import { renderForeignLag } from '#bench/report/terminal/foreign-lag.ts'
import { EXIT } from '#contract/errors.ts'
import type { ForeignService } from '#contract/foreign.ts'
import type { CommandContext } from '../command-context.ts'
import { showProgress } from '../show-progress.ts'

/** `stillin lag` at a service that is not ours: it promises nothing that could be broken, so it ends well whatever it shows. */
export async function lagOfForeign(
  context: CommandContext,
  service: ForeignService,
  wanted: { readonly probes: number; readonly seed: number; readonly json: boolean },
): Promise<void> {
  using progress = showProgress(context)
  const lag = await lagForeign(service, wanted, progress, context.signal)
  progress.pause()
  context.print(wanted.json ? JSON.stringify(lag) : renderForeignLag(lag, context))
  if (context.signal.aborted) context.exitWith(EXIT.interrupted)
}

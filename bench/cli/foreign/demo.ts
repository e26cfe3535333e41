import { showForeign } from '#bench/experiment/foreign/show-foreign.ts'
import { renderForeignDemo } from '#bench/report/terminal/foreign-demo.ts'
import type { ForeignService } from '#contract/foreign.ts'
import type { CommandContext } from '../command-context.ts'
import { showProgress } from '../show-progress.ts'

/** `stillin demo` at a service that is not ours. */
export async function demoForeign(
  context: CommandContext,
  service: ForeignService,
  json: boolean,
): Promise<void> {
  using progress = showProgress(context)
  const demo = await showForeign(service, progress, context.signal)
  progress.pause()
  context.print(json ? JSON.stringify(demo) : renderForeignDemo(demo, context))
}

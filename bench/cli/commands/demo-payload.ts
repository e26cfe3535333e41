import { Command } from 'commander'
import { runPayload } from '#bench/experiment/payload/run-payload.ts'
import { renderPayloadDemo, renderPayloadHead } from '#bench/report/terminal/payload-grid.ts'
import type { ModeName } from '#contract/modes.ts'
import type { CommandContext } from '../command-context.ts'
import { addLabFlags, type LabFlags, resolveLab } from '../lab-flags.ts'
import { showProgress } from '../show-progress.ts'

const PAYLOAD_MODES: readonly ModeName[] = ['redis', 'jwt', 'jwt-denylist']
const EXAMPLES = `
Examples:
  stillin demo payload
  stillin demo payload --modes jwt --jwt-encrypt`

/** `stillin demo payload`: what a client gains by reading its token before it sends, and what the server makes of it. */
export function demoPayloadCommand(context: CommandContext): Command {
  return addLabFlags(new Command('payload'), PAYLOAD_MODES)
    .description(
      'clients that read their token before they send: what that saves, and that it protects nothing',
    )
    .option('--json', 'one line of JSON a mode instead of the grid')
    .addHelpText('after', EXAMPLES)
    .action(({ json = false, ...flags }: LabFlags & { json?: boolean }) => demoPayload(context, flags, json))
}

async function demoPayload(context: CommandContext, flags: LabFlags, json: boolean): Promise<void> {
  const options = resolveLab(flags, context, PAYLOAD_MODES)
  using progress = showProgress(context)
  const { colour, width } = context
  if (!json) context.print(renderPayloadHead({ colour, width }))
  const { leftOut } = await runPayload(
    options,
    (mode) => {
      progress.pause()
      context.print(json ? JSON.stringify(mode) : renderPayloadDemo(mode, { colour, width }))
    },
    progress,
    context.signal,
  )
  for (const sentence of leftOut) context.note(sentence)
}

import { Command } from 'commander'
import { runCsrf } from '#bench/experiment/csrf/run-csrf.ts'
import { renderCsrfDemo, renderCsrfHead } from '#bench/report/terminal/csrf-grid.ts'
import type { ModeName } from '#contract/modes.ts'
import type { CommandContext } from '../command-context.ts'
import { addLabFlags, type LabFlags, resolveLab } from '../lab-flags.ts'
import { showProgress } from '../show-progress.ts'

const CSRF_MODES: readonly ModeName[] = ['redis', 'cookie', 'jwt']
const EXAMPLES = `
Examples:
  stillin demo csrf
  stillin demo csrf --modes sticky,jwt --json`

/** `stillin demo csrf`: forged requests against a route without protection, routes with it, and a token. */
export function demoCsrfCommand(context: CommandContext): Command {
  return addLabFlags(new Command('csrf'), CSRF_MODES)
    .description('forge requests from another origin: an unprotected route, protected ones, a token')
    .option('--json', 'one line of JSON a mode instead of the grid')
    .addHelpText('after', EXAMPLES)
    .action(({ json = false, ...flags }: LabFlags & { json?: boolean }) => demoCsrf(context, flags, json))
}

async function demoCsrf(context: CommandContext, flags: LabFlags, json: boolean): Promise<void> {
  const options = resolveLab(flags, context, CSRF_MODES)
  using progress = showProgress(context)
  const { colour, width } = context
  if (!json) context.print(renderCsrfHead({ colour, width }))
  const { leftOut } = await runCsrf(
    options,
    (mode) => {
      progress.pause()
      context.print(json ? JSON.stringify(mode) : renderCsrfDemo(mode, { colour, width }))
    },
    progress,
    context.signal,
  )
  for (const sentence of leftOut) context.note(sentence)
}

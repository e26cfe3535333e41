import { Command } from 'commander'
import { runSso } from '#bench/experiment/sso/run-sso.ts'
import { renderSsoDemo, renderSsoHead } from '#bench/report/terminal/sso-grid.ts'
import type { TokenAlgorithm } from '#contract/keys.ts'
import type { ModeName } from '#contract/modes.ts'
import type { CommandContext } from '../command-context.ts'
import { resolveSettings } from '../config.ts'
import { addLabFlags, type LabFlags, resolveLab } from '../lab-flags.ts'
import { showProgress } from '../show-progress.ts'

const SSO_MODES: readonly ModeName[] = ['redis', 'cookie', 'jwt', 'jwt-pushed']
/** A second service cannot check tokens of the lab's own default, HS256, without the secret that makes them. */
const SSO_ALGORITHM: TokenAlgorithm = 'ES256'
const EXAMPLES = `
Examples:
  stillin demo sso
  stillin demo sso --modes jwt --jwt-algorithm HS256`

/** `stillin demo sso`: one login at two services, through dead nodes, a new key and a logout. */
export function demoSsoCommand(context: CommandContext): Command {
  return addLabFlags(new Command('sso'), SSO_MODES)
    .description(`single sign-on: a shop on another origin accepts the login, or asks (${SSO_ALGORITHM})`)
    .option('--json', 'one line of JSON a mode instead of the grid')
    .addHelpText('after', EXAMPLES)
    .action(({ json = false, ...flags }: LabFlags & { json?: boolean }) => demoSso(context, flags, json))
}

async function demoSso(context: CommandContext, flags: LabFlags, json: boolean): Promise<void> {
  const { modes: _modes, ...settings } = flags
  const { jwtAlgorithm = SSO_ALGORITHM } = resolveSettings(settings, context)
  const options = { ...resolveLab(flags, context, SSO_MODES), jwtAlgorithm }
  using progress = showProgress(context)
  const { colour, width } = context
  if (!json) context.print(renderSsoHead({ colour, width }))
  const { leftOut } = await runSso(
    options,
    (mode) => {
      progress.pause()
      context.print(json ? JSON.stringify(mode) : renderSsoDemo(mode, { colour, width }))
    },
    progress,
    context.signal,
  )
  for (const sentence of leftOut) context.note(sentence)
}

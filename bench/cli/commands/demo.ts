import { Command } from 'commander'
import { VERDICT_MODES } from '#bench/experiment/costs/bench-settings.ts'
import { runDemo } from '#bench/experiment/demo/run-demo.ts'
import { renderDemoHead, renderDemoMode } from '#bench/report/terminal/demo-grid.ts'
import { DEMO_CLIENTS, type DemoClient } from '#contract/demo.ts'
import type { CommandContext } from '../command-context.ts'
import { demoForeign } from '../foreign/demo.ts'
import { foreignService, refuseOnForeign } from '../foreign/foreign-service.ts'
import { addLabFlags, type LabFlags, resolveLab } from '../lab-flags.ts'
import { oneOf } from '../parse-options.ts'
import { addRenewalFlags } from '../renewal-flags.ts'
import { showProgress } from '../show-progress.ts'
import { demoCsrfCommand } from './demo-csrf.ts'
import { demoPayloadCommand } from './demo-payload.ts'
import { demoSsoCommand } from './demo-sso.ts'

const EXAMPLES = `
Examples:
  stillin demo
  stillin demo --modes sticky,jwt --nodes 5
  stillin demo --client no-cookies
  stillin demo --cluster attach:shop.json     a service of your own, by a file
  stillin demo csrf
  stillin demo sso
  stillin demo payload`

interface DemoFlags extends LabFlags {
  client?: DemoClient
  json?: boolean
}

/** `stillin demo`: still in? after the login, after a crash, after the logout; a grid of the five in under twenty seconds. */
export function demoCommand(context: CommandContext): Command {
  return addRenewalFlags(addLabFlags(new Command('demo'), VERDICT_MODES))
    .description('log in, kill the node that answered, log out; each time ask every node: still in?')
    .option(
      '--client <kind>',
      'one that keeps cookies, or no-cookies: one that loses them (cookies)',
      oneOf(DEMO_CLIENTS),
    )
    .option('--json', 'one line of JSON a mode instead of the grid')
    .addHelpText('after', EXAMPLES)
    .action(({ json = false, client = 'cookies', ...flags }: DemoFlags) => demo(context, flags, client, json))
    .addCommand(demoCsrfCommand(context))
    .addCommand(demoSsoCommand(context))
    .addCommand(demoPayloadCommand(context))
}

async function demo(
  context: CommandContext,
  flags: LabFlags,
  client: DemoClient,
  json: boolean,
): Promise<void> {
  const service = foreignService(flags.cluster)
  if (service) {
    refuseOnForeign({ ...flags, json, client: client === 'cookies' ? undefined : client }, ['json'])
    return demoForeign(context, service, json)
  }
  const options = resolveLab(flags, context, VERDICT_MODES)
  using progress = showProgress(context)
  if (!json) context.print(renderDemoHead(context.colour))
  const { leftOut } = await runDemo(
    options,
    (mode) => {
      progress.pause()
      context.print(json ? JSON.stringify(mode) : renderDemoMode(mode, context.colour, context.width))
    },
    progress,
    context.signal,
    client,
  )
  for (const sentence of leftOut) context.note(sentence)
}

import { Command } from 'commander'
import { runLives } from '#bench/experiment/life/life.ts'
import { renderLife } from '#bench/report/terminal/life-story.ts'
import type { CommandContext } from '../command-context.ts'
import { addLabFlags, type LabFlags, resolveLab } from '../lab-flags.ts'
import { addRenewalFlags } from '../renewal-flags.ts'
import { showProgress } from '../show-progress.ts'

const EXAMPLES = `
Examples:
  stillin life --modes sticky,jwt
  stillin life --modes all`

/** `stillin life`: one login from its beginning to after its end, request by request. */
export function lifeCommand(context: CommandContext): Command {
  return addRenewalFlags(addLabFlags(new Command('life')))
    .description(
      'the whole life of one login, request by request: who answers, what the client holds, what a logout ends',
    )
    .option('--json', 'one line of JSON a mode')
    .addHelpText('after', EXAMPLES)
    .action(({ json = false, ...flags }: LabFlags & { json?: boolean }) => life(context, flags, json))
}

async function life(context: CommandContext, flags: LabFlags, json: boolean): Promise<void> {
  using progress = showProgress(context)
  const { colour, width } = context
  const { leftOut } = await runLives(
    resolveLab(flags, context),
    (one) => {
      progress.pause()
      context.print(json ? JSON.stringify(one) : renderLife(one, { colour, width }))
    },
    progress,
    context.signal,
  )
  for (const sentence of leftOut) context.note(sentence)
}

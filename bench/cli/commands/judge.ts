import { Command } from 'commander'
import { judgeFile } from '#bench/experiment/judge-file.ts'
import { renderJudgement } from '#bench/report/terminal/judgement-report.ts'
import { EXIT } from '#contract/errors.ts'
import { MODE_NAMES, type ModeName } from '#contract/modes.ts'
import type { CommandContext } from '../command-context.ts'
import { oneOf } from '../parse-options.ts'

interface JudgeFlags {
  mode?: ModeName
  json?: boolean
}

const EXAMPLES = `
Examples:
  stillin judge results/drill-redis-7/history.ndjson
  stillin judge history.ndjson --mode jwt --json

Exit codes: 0 no promise is broken · 2 not a history (the line and the field are named) · 3 a
promise is broken, or no checker could say anything.`

/** `stillin judge FILE`: every promise against what clients saw. */
export function judgeCommand(context: CommandContext): Command {
  return new Command('judge')
    .description('check a recorded history: is anybody in who should be out, or out who should be in?')
    .argument('<file>', 'history.ndjson of a drill, or timeline.ndjson of a failure run')
    .option('--mode <name>', 'judge by this mode’s promises, whatever mode the lines name', oneOf(MODE_NAMES))
    .option('--json', 'one line of JSON a mode instead of the tables')
    .addHelpText('after', EXAMPLES)
    .action((file: string, { mode, json = false }: JudgeFlags) => {
      const judgements = judgeFile(file, mode)
      const { colour, width } = context
      for (const judgement of judgements)
        context.print(json ? JSON.stringify(judgement) : renderJudgement(judgement, { colour, width }))
      if (judgements.some(({ verdict }) => verdict !== 'valid')) context.exitWith(EXIT.invalid)
    })
}

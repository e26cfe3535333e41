import type { Command } from 'commander'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { OptionParser } from './parse-options.ts'

/**
 * A flag with a value is given once: of `--modes redis --modes jwt` the second would silently win, and the run would
 * answer another question than the one asked.
 */
export function demandOnce(command: Command): void {
  for (const option of command.options) {
    const { isRepeatable } = (option.parseArg ?? {}) as Partial<OptionParser<unknown>>
    if (!option.required || isRepeatable || option.variadic) continue
    let first: string | undefined
    command.on(`option:${option.name()}`, (value: string) => {
      if (first === undefined) {
        first = value
        return
      }
      const hint = option.flags.includes('<list>')
        ? `Separate them by a comma: ${option.long} ${first},${value}.`
        : 'Leave one of them out.'
      throw new StillinError(`${option.long} is given twice: ${first} and ${value}`, {
        exitCode: EXIT.usage,
        hint,
      })
    })
  }
}

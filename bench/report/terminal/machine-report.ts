import type { MachineFinding } from '#contract/machine.ts'
import { machineTable } from '../table/machine-table.ts'
import { createSheet, stack, type TerminalOptions } from './frame.ts'
import { printTable } from './text-table.ts'
import { plainLine } from './wrap.ts'

/** What this machine has, and beneath it the command for each thing it lacks, in one piece to be copied. */
export function renderMachine(findings: readonly MachineFinding[], options: TerminalOptions): string {
  const { paint, width } = createSheet(options)
  const lacking = findings.filter(({ toGet }) => toGet !== null)
  const nameWidth = Math.max(0, ...lacking.map(({ name }) => name.length))
  const commands = lacking.map(({ name, toGet }) => `  ${name.padEnd(nameWidth)}  ${plainLine(toGet ?? '')}`)
  const whole = findings.every(({ condition }) => condition === 'ready' || condition === 'on-demand')
  const help = [paint.bold('To get what is missing'), ...commands].join('\n')
  return stack([
    printTable(machineTable(findings), width, paint),
    commands.length > 0 ? help : whole ? 'Nothing is missing.' : '',
  ])
}

import type { ForeignBench, ForeignFigure } from '#contract/foreign.ts'
import { formatFigure, formatInterval, formatTime, NO_FIGURE } from '../numbers.ts'
import { buildTable } from '../table/report-table.ts'
import { printOutcomes, printTail, text } from './foreign-parts.ts'
import { createSheet, stack, type TerminalOptions } from './frame.ts'
import { printTable } from './text-table.ts'
import { wrap } from './wrap.ts'

/** What lookups at one rate took. */
export function renderForeignBench(run: ForeignBench, options: TerminalOptions): string {
  const sheet = createSheet(options)
  const { width, paint } = sheet
  const latency = (words: string): string => (run.latencyValid ? words : NO_FIGURE)
  const table = buildTable<ForeignBench>({
    title: `Lookups of ${run.service} at ${run.ratePerS}/s`,
    items: [run],
    groups: [
      {
        head: '',
        columns: [
          text('in', ({ inPerS }) => figure(inPerS), '/s'),
          text('response', ({ responseP50Ms }) => latency(figure(responseP50Ms)), 'p50 ms'),
          text('response', ({ responseP99Ms }) => latency(formatFigure(responseP99Ms)), 'p99 ms'),
          text('service', ({ serviceP50Ms }) => latency(figure(serviceP50Ms)), 'p50 ms'),
          text('up', ({ bytesUp }) => figure(bytesUp), 'B'),
          text('down', ({ bytesDown }) => figure(bytesDown), 'B'),
          text('CPU of nodes', ({ nodeCpuUs }) => figure(nodeCpuUs), 'µs/answer'),
        ],
      },
    ],
    caption: [
      `${run.rounds} ${run.rounds === 1 ? 'window' : 'windows'} of ${formatTime(run.windowMs)} over ${run.connections} connections, ${run.users} users; 95 % intervals over windows, from six windows on. Response runs from the moment a request was due, service from its sending, both over "in" alone. Bytes without TCP.`,
      'CPU: of all processes of the nodes between the window’s edges, ÷ whole answers: whatever else those processes do in that time is in it.',
    ],
  })
  const failed = run.checks.filter(({ ok }) => !ok)
  const shout = run.valid ? 'no latency: the generator was late' : '!! these figures must not be used !!'
  const doubts = failed.flatMap(({ name, detail }) => wrap(`✗ ${name}: ${detail}`, width, '  ', '    '))
  return stack([
    failed.length === 0
      ? ''
      : [run.valid ? paint.bold(shout) : paint.shout(shout), ...doubts.map(paint.bad)].join('\n'),
    printTable(table, width, paint),
    printOutcomes(run.outcomes, sheet),
    printTail(run, sheet),
  ])
}

function figure(found: ForeignFigure | null): string {
  if (found === null) return NO_FIGURE
  const { value, interval } = found
  return interval === null
    ? formatFigure(value)
    : `${formatFigure(value, interval)} ${formatInterval(value, interval)}`
}

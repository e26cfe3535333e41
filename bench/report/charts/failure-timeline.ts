import type { FailureRun, TimelineBin, TimelineEvent } from '#contract/result.ts'
import { formatCount, formatFigure, formatTime, NO_FIGURE } from '../numbers.ts'
import { OUTCOME_WORDS } from '../outcome-words.ts'
import { outcomesSeen } from '../table/error-table.ts'
import { buildTable, type ReportTable } from '../table/report-table.ts'
import type { Chart } from './chart.ts'
import { failureTimelineOption } from './failure-timeline-option.ts'

const seconds = (ms: number) => ms / 1000

function dataTable(run: FailureRun, title: string): ReportTable {
  const figure = (pick: (bin: TimelineBin) => number | null) => (bin: TimelineBin) => {
    const value = pick(bin)
    return { text: value === null ? NO_FIGURE : formatFigure(value) }
  }
  const column = (head: string, unit: string, pick: (bin: TimelineBin) => number | null) => ({
    head,
    unit,
    align: 'right' as const,
    cell: figure(pick),
  })
  return buildTable<TimelineBin>({
    title,
    items: run.bins,
    groups: [
      { head: '', columns: [column('from', 's', ({ atMs }) => seconds(atMs))] },
      {
        head: 'requests in this bin',
        columns: [
          column('intended', '', ({ intended }) => intended),
          ...outcomesSeen([run]).map((outcome) =>
            column(OUTCOME_WORDS[outcome].label, '', ({ outcomes }) => outcomes[outcome] ?? 0),
          ),
        ],
      },
      {
        head: 'accepted lookups',
        columns: [column('p50', 'ms', ({ p50Ms }) => p50Ms), column('p99', 'ms', ({ p99Ms }) => p99Ms)],
      },
    ],
  })
}

/** What happened and who says so, for people. */
export function eventWords({ source, kind, part = '', detail }: TimelineEvent): string {
  const more = detail === undefined ? '' : ` (${detail})`
  if (source === 'harness') return `${kind === 'heal' ? 'healing of' : 'fault:'} ${part}${more}`
  if (source === 'node') return `${part} ${kind}${more}`
  return `proxy: ${part} ${kind}${more}`.replace(/ +/g, ' ')
}

/** `redis, open` where a run asked under several policies; without it their pictures would bear one title. */
function who({ mode, outage }: FailureRun): string {
  return outage?.policy ? `${mode}, ${outage.policy}` : mode
}

function describe(run: FailureRun): string {
  const counts = outcomesSeen([run]).map(
    (outcome) => `${OUTCOME_WORDS[outcome].label}: ${formatCount(run.outcomes[outcome])}`,
  )
  const events = run.events.map((event) => `${formatTime(event.atMs)} ${eventWords(event)}`)
  return `${who(run)}: ${run.fault} from ${formatTime(run.faultAtMs)} to ${formatTime(run.healAtMs)} of ${formatTime(run.durationMs)}. Requests ${counts.join(', ')}. Events: ${events.join('; ')}.`
}

/** A failure run over time, the fault shaded, events marked; undefined where it has no bins to draw. */
export function failureTimeline(run: FailureRun, id: string): Chart | undefined {
  const [first, second] = run.bins
  if (first === undefined || second === undefined) return undefined
  const title = `${who(run)}: ${run.fault} under load`
  const events = run.events.map(
    (event, at) => `${at + 1}: ${(event.atMs / 1000).toFixed(2)} s, ${eventWords(event)}`,
  )
  return {
    id,
    title,
    keys: events,
    reading: `Above: what became of the requests due in each ${formatTime(second.atMs - first.atMs)}; below: latency of the accepted ones from the intended time, gaps where none was accepted. Shaded: from the fault to its healing. ${events.join('; ')}.`,
    description: describe(run),
    data: dataTable(run, title),
    height: ({ narrow }) => (narrow ? 462 : 404),
    option: (frame) => failureTimelineOption(run, frame),
  }
}

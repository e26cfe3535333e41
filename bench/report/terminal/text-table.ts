import CliTable from 'cli-table3'
import { formatMarks } from '../table/footnotes.ts'
import {
  type Cell,
  type Column,
  type ColumnGroup,
  columnsOf,
  type ReportTable,
} from '../table/report-table.ts'
import type { Paint } from './paint.ts'
import { plainLine, wrap } from './wrap.ts'

/** No frame: one blank column between cells, and one more as padding. */
const NO_FRAME = Object.fromEntries(
  [
    ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ]
    .flat()
    .map((name) => [name, '']),
)
const GAP = 2
const WRAPPED_MIN = 24

interface Slice {
  readonly groups: readonly ColumnGroup[]
  readonly rows: readonly (readonly Cell[])[]
}

function cellText(cell: Cell): string {
  return plainLine(`${cell.text}${formatMarks(cell.notes)}`)
}

/** The width each column asks for; a column that wraps takes what is left. */
function columnWidths({ groups, rows }: Slice, width: number): readonly number[] {
  const columns = groups.flatMap((group) => group.columns)
  const asked = columns.map((column, index) =>
    Math.max(
      column.head.length,
      column.unit.length,
      ...rows.map((row) => cellText(row[index] ?? { text: '' }).length),
    ),
  )
  let start = 0
  for (const { head, columns: members } of groups) {
    const end = start + members.length
    const span = asked.slice(start, end).reduce((sum, each) => sum + each + GAP, -GAP)
    asked[end - 1] = (asked[end - 1] ?? 0) + Math.max(0, head.length - span)
    start = end
  }
  const total = asked.reduce((sum, each) => sum + each + GAP, 0)
  const excess = total - width
  return asked.map((each, index) =>
    excess > 0 && columns[index]?.wraps ? Math.max(Math.min(each, WRAPPED_MIN), each - excess) : each,
  )
}

function fits(slice: Slice, width: number): boolean {
  return columnWidths(slice, width).reduce((sum, each) => sum + each + GAP, 0) <= width
}

/** The first column stands in every slice, so that each row keeps its name. */
function sliceOf(table: ReportTable, wanted: readonly number[]): Slice {
  const keep = new Set([0, ...wanted])
  let index = 0
  const groups = table.groups.map((group) => ({
    head: group.head,
    columns: group.columns.filter(() => keep.has(index++)),
  }))
  return {
    groups: groups.filter((group) => group.columns.length > 0),
    rows: table.rows.map((row) => row.filter((_, at) => keep.has(at))),
  }
}

/** Tables stacked one above the other, each within the width: groups stay together where they can. */
function slices(table: ReportTable, width: number): readonly Slice[] {
  const done: number[][] = [[]]
  let start = 0
  for (const group of table.groups) {
    const members = group.columns.map((_, at) => start + at)
    start += group.columns.length
    const blocks = fits(sliceOf(table, members), width) ? [members] : members.map((member) => [member])
    for (const block of blocks) {
      const last = done.at(-1) ?? []
      if (last.length === 0 || fits(sliceOf(table, [...last, ...block]), width)) last.push(...block)
      else done.push([...block])
    }
  }
  return done.map((wanted) => sliceOf(table, wanted))
}

/** `── equal rate ──`, as wide as the columns under it; nothing over columns without a head. */
function groupHead(head: string, width: number): string {
  if (head === '') return ''
  const text = head.length > width ? `${head.slice(0, Math.max(0, width - 1))}…` : head
  const free = width - text.length - 2
  if (free < 2) return text
  return `${'─'.repeat(Math.floor(free / 2))} ${text} ${'─'.repeat(Math.ceil(free / 2))}`
}

function printSlice(slice: Slice, width: number, paint: Paint): string {
  const columns: readonly Column[] = slice.groups.flatMap((group) => group.columns)
  const widths = columnWidths(slice, width)
  const table = new CliTable({
    chars: { ...NO_FRAME, middle: ' ' },
    style: { 'padding-left': 1, 'padding-right': 0, head: [], border: [] },
    colWidths: widths.map((each) => each + 1),
    colAligns: columns.map(({ align }) => align),
    wordWrap: true,
  })
  let at = 0
  if (slice.groups.some(({ head }) => head !== ''))
    table.push(
      slice.groups.map(({ head, columns: members }) => {
        const own = widths.slice(at, at + members.length)
        at += members.length
        const span = own.reduce((sum, each) => sum + each + GAP, -GAP)
        return {
          content: paint.dim(groupHead(head, span)),
          colSpan: members.length,
          hAlign: 'left' as const,
          wordWrap: false,
        }
      }),
    )
  table.push(columns.map(({ head }) => paint.bold(head)))
  if (columns.some(({ unit }) => unit !== '')) table.push(columns.map(({ unit }) => paint.dim(unit)))
  for (const row of slice.rows) table.push(row.map((cell) => paint.tone(cellText(cell), cell.tone)))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** A table for the terminal: title, columns (stacked where the width is short), caption, notes. No line is longer than `width`. */
export function printTable(table: ReportTable, width: number, paint: Paint): string {
  const bodies =
    columnsOf(table).length === 0 ? [] : slices(table, width).map((each) => printSlice(each, width, paint))
  const caption = table.caption.flatMap((text) => wrap(`${text}`, width, '  '))
  const notes = table.notes.flatMap((text, at) =>
    wrap(`${formatMarks([at + 1])} ${text}`, width, '  ', '    '),
  )
  return [paint.bold(table.title), bodies.join('\n\n'), [...caption, ...notes].map(paint.dim).join('\n')]
    .filter((part) => part !== '')
    .join('\n')
}

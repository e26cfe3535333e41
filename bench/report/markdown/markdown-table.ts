import { formatMarks } from '../table/footnotes.ts'
import { columnsOf, type ReportTable } from '../table/report-table.ts'
import { escapeMarkdown } from './escape-markdown.ts'

/** A table in GitHub's Markdown: each head carries its point, its name and its unit. */
export function markdownTable(table: ReportTable): string {
  const columns = columnsOf(table)
  const heads = table.groups.flatMap((group) =>
    group.columns.map(({ head, unit }) =>
      [group.head, `${head} ${unit}`.trim()]
        .filter((part) => part !== '')
        .map(escapeMarkdown)
        .join('<br>'),
    ),
  )
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rows = table.rows.map((row) =>
    line(row.map((cell) => escapeMarkdown(`${cell.text}${formatMarks(cell.notes)}`))),
  )
  const rule = `| ${columns.map(({ align }) => (align === 'right' ? '--:' : ':--')).join(' | ')} |`
  const notes = table.notes.map((note, at) => `${formatMarks([at + 1])} ${escapeMarkdown(note)}`)
  const body = columns.length === 0 ? [] : [[line(heads), rule, ...rows].join('\n')]
  return [`## ${escapeMarkdown(table.title)}`, ...body, ...table.caption.map(escapeMarkdown), ...notes].join(
    '\n\n',
  )
}

import { escapeHtml } from '../escape-html.ts'
import { formatMarks } from '../table/footnotes.ts'
import { type Cell, type Column, columnsOf, type ReportTable } from '../table/report-table.ts'

/** A class attribute of what is there; a table of 120 rows is heavy enough without empty ones. */
function classes(...names: readonly (string | false | undefined)[]): string {
  const present = names.filter(Boolean)
  return present.length === 0 ? '' : ` class="${present.join(' ')}"`
}

function headCell({ head, unit, align }: Column): string {
  const small = unit === '' ? '' : ` <small>${escapeHtml(unit)}</small>`
  return `<th scope="col"${classes(align === 'right' && align)}>${escapeHtml(head)}${small}</th>`
}

function bodyCell(cell: Cell, column: Column | undefined, at: number): string {
  const look = classes(
    column?.align === 'right' && 'right',
    cell.tone !== 'plain' && cell.tone,
    column?.wraps && 'wraps',
  )
  const marks = cell.notes?.length ? `<span class="mark">${formatMarks(cell.notes)}</span>` : ''
  const text = `${escapeHtml(cell.text)}${marks}`
  return at === 0 ? `<th scope="row"${look}>${text}</th>` : `<td${look}>${text}</td>`
}

/**
 * A table that scrolls by itself where the page is narrow, reachable by keyboard, each cell under its heads.
 * @param options.caption false where a heading outside already names it.
 * @param options.of whose it is, where a page has several of that title: each place one can jump to has a name of its own.
 */
export function htmlTable(table: ReportTable, options: { caption: boolean; of?: string }): string {
  const columns = columnsOf(table)
  if (columns.length === 0 || table.rows.length === 0) return ''
  const grouped = table.groups.some(({ head }) => head !== '')
  const groupRow = table.groups
    .map(({ head, columns: members }) =>
      head === ''
        ? `<td colspan="${members.length}"></td>`
        : `<th scope="colgroup" colspan="${members.length}">${escapeHtml(head)}</th>`,
    )
    .join('')
  const rows = table.rows
    .map((row) => `<tr>${row.map((cell, at) => bodyCell(cell, columns[at], at)).join('')}</tr>`)
    .join('\n')
  const name = escapeHtml(table.title)
  const below = [
    ...table.caption.map((text) => `<p class="note">${escapeHtml(text)}</p>`),
    ...table.notes.map((text, at) => `<p class="note">${formatMarks([at + 1])} ${escapeHtml(text)}</p>`),
  ]
  return `<div class="scroll" role="region" aria-label="${options.of === undefined ? name : `${name}, ${escapeHtml(options.of)}`}" tabindex="0"><table>
${options.caption ? `<caption>${name}</caption>` : ''}
<thead>${grouped ? `<tr class="groups">${groupRow}</tr>` : ''}<tr>${columns.map(headCell).join('')}</tr></thead>
<tbody>
${rows}
</tbody></table></div>
${below.join('\n')}`
}

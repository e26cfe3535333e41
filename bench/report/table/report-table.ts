import type { Footnotes } from './footnotes.ts'

/** How a cell asks to be seen; never the only carrier of its meaning. */
export type Tone = 'plain' | 'good' | 'bad' | 'dim'

export interface Cell {
  readonly text: string
  readonly tone?: Tone
  /** Numbers of the table's notes that belong to this cell, from 1. */
  readonly notes?: readonly number[]
  /** True where this run has no such figure at all; a column of nothing else is left out. */
  readonly absent?: boolean
}

export interface Column {
  readonly head: string
  readonly unit: string
  readonly align: 'left' | 'right'
  /** May be broken into lines where the width is short. */
  readonly wraps?: boolean
}

/** Columns under one head, which names the point at which they were measured. */
export interface ColumnGroup<C extends Column = Column> {
  readonly head: string
  readonly columns: readonly C[]
}

/**
 * A table before it has a format: terminal, Markdown and HTML print the same one.
 *
 *     RunResult → tables (what, in which words) → terminal | markdown | html (how it looks)
 */
export interface ReportTable {
  readonly title: string
  readonly groups: readonly ColumnGroup[]
  /** One cell a column, in the order of the groups. */
  readonly rows: readonly (readonly Cell[])[]
  /** Sentences on how to read it. */
  readonly caption: readonly string[]
  readonly notes: readonly string[]
}

/** A column that knows how to fill itself from one item. */
export interface ColumnOf<T> extends Column {
  readonly cell: (item: T) => Cell
}

export interface TableDraft<T> {
  title: string
  groups: readonly ColumnGroup<ColumnOf<T>>[]
  items: readonly T[]
  caption?: readonly string[]
  footnotes?: Footnotes
}

/** Fills a table, a row an item; columns and groups without any figure are left out. */
export function buildTable<T>(draft: TableDraft<T>): ReportTable {
  const filled = draft.groups.map((group) => ({
    head: group.head,
    columns: group.columns
      .map((column) => ({ column, cells: draft.items.map((item) => column.cell(item)) }))
      .filter(({ cells }) => cells.length === 0 || cells.some((cell) => cell.absent !== true)),
  }))
  const groups = filled.filter((group) => group.columns.length > 0)
  return {
    title: draft.title,
    groups: groups.map(({ head, columns }) => ({ head, columns: columns.map(({ column }) => column) })),
    rows: draft.items.map((_, row) =>
      groups.flatMap(({ columns }) => columns.flatMap(({ cells }) => cells[row] ?? [])),
    ),
    caption: draft.caption ?? [],
    notes: draft.footnotes?.texts() ?? [],
  }
}

/** Every column of a table, in order. */
export function columnsOf(table: ReportTable): readonly Column[] {
  return table.groups.flatMap((group) => group.columns)
}

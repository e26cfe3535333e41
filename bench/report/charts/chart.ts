import type { EChartsOption } from 'echarts'
import type { ReportTable } from '../table/report-table.ts'

/** Where a chart is drawn: a page as wide as a desk's, or a phone's. */
export interface Frame {
  readonly width: number
  readonly narrow: boolean
}

export const FRAMES: readonly Frame[] = [
  { width: 900, narrow: false },
  { width: 360, narrow: true },
]

/** One picture with everything that must stand beside it. */
export interface Chart {
  /** Unique in a report; the name of its file. */
  readonly id: string
  readonly title: string
  /** How to read it, in a sentence or two. */
  readonly reading: string
  /** What numbers in the picture stand for, a line each; a picture on its own carries them. */
  readonly keys?: readonly string[]
  /** The text alternative: what the picture shows, with its figures. */
  readonly description: string
  /** The figures it was drawn from. */
  readonly data: ReportTable
  height(frame: Frame): number
  option(frame: Frame): EChartsOption
}

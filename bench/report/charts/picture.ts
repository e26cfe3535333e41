import type { RunResult } from '#contract/result.ts'
import { escapeHtml } from '../escape-html.ts'
import { validityOf } from '../story/validity.ts'
import { FONT } from './axis.ts'
import { type Chart, FRAMES } from './chart.ts'
import { chartsOf } from './charts-of.ts'
import { ALARM, INK, INK_SOFT, PAPER } from './palette.ts'
import { renderSvg } from './render-svg.ts'

/** A chart as a file of its own. */
export interface Picture {
  /** Without an extension. */
  readonly name: string
  readonly svg: string
  readonly width: number
  readonly height: number
}

const HEAD = 40
const FOOT = 28
const MARGIN = 12
const KEY_LINE = 17
const KEY_COLUMNS = 2

/** Every chart of a run, each with its title above and its origin beneath: a picture that is passed on still says whether its figures may be used. */
export function picturesOf(result: RunResult): readonly Picture[] {
  return chartsOf(result).map((chart) => pictureOf(chart, result))
}

function pictureOf(chart: Chart, result: RunResult): Picture {
  const [frame = { width: 900, narrow: false }] = FRAMES
  const width = frame.width + 2 * MARGIN
  const { keys = [] } = chart
  const keysTop = HEAD + chart.height(frame)
  const keyRows = Math.ceil(keys.length / KEY_COLUMNS)
  const height = keysTop + keyRows * KEY_LINE + FOOT
  const { usable } = validityOf(result)
  const { cpuModel, cores } = result.environment
  const origin = `stillin ${result.kind} ${result.id}, ${cores} cores, ${cpuModel}`
  const standing = usable ? '' : 'NOT VALID: do not use. '
  const text = (y: number, fill: string, style: string, words: string, x = MARGIN) =>
    `<text x="${x}" y="${y}" font-family="${FONT}" fill="${fill}" ${style}>${escapeHtml(words)}</text>`
  const keyLines = keys.map((key, at) => {
    const [column, row] = [Math.floor(at / keyRows), at % keyRows]
    const x = MARGIN + (column * width) / KEY_COLUMNS
    return text(keysTop + (row + 1) * KEY_LINE - 5, INK, 'font-size="12"', key, x)
  })
  const inner = renderSvg(chart, frame).replace('<svg ', `<svg x="${MARGIN}" y="${HEAD}" `)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${escapeHtml(chart.title)}</title>
<rect width="100%" height="100%" fill="${PAPER}"/>
${text(26, INK, 'font-size="16" font-weight="600"', chart.title)}
${[inner, ...keyLines].join('\n')}
${text(height - 10, usable ? INK_SOFT : ALARM, `font-size="12"${usable ? '' : ' font-weight="700"'}`, standing + origin)}
</svg>
`
  return { name: chart.id, svg, width, height }
}

import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { escapeHtml } from '../escape-html.ts'
import type { Chart, Frame } from './chart.ts'

use([
  BarChart,
  LineChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  SVGRenderer,
])

/** ECharts' own attributes and hover rules serve a script that the page does not have. */
function withoutScripting(svg: string): string {
  return svg
    .replace(/<style\s*>[\s\S]*?<\/style>/g, '')
    .replace(/ (ecmeta_\w+|class)="[^"]*"/g, '')
    .replace(/ pointer-events="[^"]*"/g, '')
    .replace(/\n/g, '')
}

/**
 * A chart as SVG that stands alone: a title and a description for whoever cannot see it, no script, no reference to
 * anything outside.
 */
export function renderSvg(chart: Chart, frame: Frame): string {
  const echart = init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: frame.width,
    height: chart.height(frame),
  })
  try {
    echart.setOption(chart.option(frame))
    const id = `${chart.id}-${frame.narrow ? 'narrow' : 'wide'}`
    const text = `<title id="${id}-title">${escapeHtml(chart.title)}</title><desc id="${id}-desc">${escapeHtml(chart.description)}</desc>`
    // The clip paths that ECharts names are counted through the process: with the chart's own name they are the same in every run.
    const own = withoutScripting(echart.renderToSVGString()).replace(/zr\d+-/g, `${id}-`)
    return own.replace(
      /^<svg [^>]*>/,
      (head) =>
        `${head.replace('<svg ', `<svg role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc" `)}${text}`,
    )
  } finally {
    // Without this a timer of the renderer keeps the process alive.
    echart.dispose()
  }
}

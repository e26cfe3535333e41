import { type Chart, FRAMES } from '../charts/chart.ts'
import { renderSvg } from '../charts/render-svg.ts'
import { escapeHtml } from '../escape-html.ts'
import { htmlTable } from './html-table.ts'

/**
 * A chart with its title, how to read it, and its figures as a table beneath. It is drawn once for a desk and once
 * for a phone, and the style sheet shows the one that fits: a picture shrunk to a phone cannot be read.
 */
export function figure(chart: Chart): string {
  const pictures = FRAMES.map(
    (frame) => `<div class="${frame.narrow ? 'narrow' : 'wide'}">${renderSvg(chart, frame)}</div>`,
  ).join('\n')
  return `<figure id="${escapeHtml(chart.id)}">
<h3>${escapeHtml(chart.title)}</h3>
${pictures}
<figcaption>${escapeHtml(chart.reading)}</figcaption>
<details><summary>The figures as a table</summary>
${htmlTable({ ...chart.data, title: `${chart.title}: figures` }, { caption: true })}
</details>
</figure>`
}

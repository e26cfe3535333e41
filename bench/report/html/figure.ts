import { type Chart, FRAMES } from '../charts/chart.ts'
import { renderSvg } from '../charts/render-svg.ts'
import { escapeHtml } from '../escape-html.ts'
import { htmlTable } from './html-table.ts'

/**
 * A chart with its title, how to read it, and its figures as a table beneath. It is drawn once for a desk and once
 * for a phone, and the style sheet shows the one that fits: a picture shrunk to a phone cannot be read.
 * @param options.columnOf the run whose column it stands in, where it has no more room than on a phone.
 */
export function figure(chart: Chart, { columnOf }: { columnOf?: string } = {}): string {
  const narrowOnly = columnOf !== undefined
  const pictures = FRAMES.filter(({ narrow }) => narrow || !narrowOnly)
    .map(
      (frame) =>
        `<div class="${narrowOnly ? 'only' : frame.narrow ? 'narrow' : 'wide'}">${renderSvg(chart, frame)}</div>`,
    )
    .join('\n')
  const heading = narrowOnly ? 'h4' : 'h3'
  return `<figure id="${escapeHtml(chart.id)}">
<${heading}>${escapeHtml(chart.title)}</${heading}>
${pictures}
<figcaption>${escapeHtml(chart.reading)}</figcaption>
<details><summary>The figures as a table</summary>
${htmlTable({ ...chart.data, title: `${chart.title}: figures` }, { caption: true, ...(columnOf && { of: columnOf }) })}
</details>
</figure>`
}

import { byId, element, setText, shape } from './element.js'

const SECONDS = 120
/** Longer between two samples nobody looked, and what was between them is not known. */
const GAP_MS = 5_000
const WIDTH = 300
const HEIGHT = 80
const CLASSES = ['first', 'second', 'third']

const CHARTS = [
  {
    title: 'Answers to the load a second',
    lines: [
      ['let in', (sample) => sample.okPerS, whole],
      ['turned away (401)', (sample) => sample.refusedPerS, whole],
      ['errors', (sample) => sample.failedPerS, whole],
    ],
  },
  {
    title: 'Latency of those let in, ms from when each was due',
    lines: [
      ['half are faster than', (sample) => sample.p50Ms, tenth],
      ['slowest', (sample) => sample.slowestMs, tenth],
    ],
  },
  {
    title: 'Processor time, % of one core',
    lines: [
      ['nodes together', (sample) => sample.cpu.nodes, whole],
      ['proxy', (sample) => sample.cpu.proxy, whole],
      ['control, with the load', (sample) => sample.cpu.control, whole],
    ],
  },
  {
    title: 'Sessions in the nodes’ memories',
    lines: [['all nodes', (sample) => sumOrNull(sample.nodes.map(({ sessions }) => sessions)), whole]],
  },
]

let drawn

/** Draws every chart anew from the samples at hand; the newest second stands at the right edge. */
export function drawCharts(samples) {
  drawn ??= CHARTS.map(createChart)
  for (const chart of drawn) chart.draw(samples)
}

function createChart({ title, lines }) {
  const svg = shape('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': title,
  })
  const curves = lines.map((_line, index) => shape('path', { class: CLASSES[index] }))
  svg.append(...curves)
  const values = lines.map(() => element('b', {}, '–'))
  const legend = element('ul', { class: 'legend' })
  lines.forEach(([name], index) => {
    legend.append(
      element('li', {}, element('span', { class: `key ${CLASSES[index]}` }), `${name} `, values[index]),
    )
  })
  const scale = element('span', { class: 'quiet' })
  const caption = element('figcaption', {}, title, ' ', scale)
  byId('charts').append(element('figure', {}, caption, svg, legend))
  return {
    draw(all) {
      const newest = all.at(-1)
      if (newest === undefined) return
      const samples = all.filter(({ atMs }) => newest.atMs - atMs <= SECONDS * 1000)
      const rows = lines.map(([, read]) => samples.map((sample) => [sample.atMs, read(sample)]))
      const top = niceTop(Math.max(1, ...rows.flat().flatMap(([, value]) => value ?? [])))
      rows.forEach((row, index) => {
        // A second without a value is a gap, not a slope; so is a time when the tab slept.
        let pen = 'M'
        const points = row.map(([atMs, value], at) => {
          if (atMs - (row[at - 1]?.[0] ?? atMs) > GAP_MS) pen = 'M'
          if (value === null) {
            pen = 'M'
            return ''
          }
          const x = WIDTH - ((newest.atMs - atMs) / 1000 / SECONDS) * WIDTH
          const y = HEIGHT - 2 - (value / top) * (HEIGHT - 6)
          const step = `${pen}${x.toFixed(1)} ${y.toFixed(1)}`
          pen = 'L'
          return step
        })
        curves[index].setAttribute('d', points.join(''))
        const [, read, format] = lines[index]
        const now = read(newest)
        setText(values[index], now === null ? '–' : format(now))
      })
      setText(scale, `(to ${top})`)
    },
  }
}

/** A sum without one of its parts is no sum. */
function sumOrNull(values) {
  return values.includes(null) ? null : values.reduce((sum, value) => sum + value, 0)
}

function niceTop(value) {
  const step = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 5, 10].map((factor) => factor * step).find((top) => top >= value)
}

function whole(value) {
  return String(Math.round(value))
}

function tenth(value) {
  return value.toFixed(1)
}

import { describe, expect, it } from 'vitest'
import { type ArmName, MODE_NAMES } from '#contract/modes.ts'
import { FRAMES } from '../../../../bench/report/charts/chart.ts'
import { chartsOf } from '../../../../bench/report/charts/charts-of.ts'
import { renderSvg } from '../../../../bench/report/charts/render-svg.ts'
import { fixture } from '../fixture.ts'

interface LineSeries {
  lineStyle: { color: string; type: number[] }
  symbol: string
}

const charts = chartsOf(fixture())

describe('chartsOf', () => {
  it('draws what there are figures for, in the order in which it is read', () => {
    expect(charts.map(({ id }) => id)).toEqual([
      'cpu-by-tier-equal-rate',
      'cpu-by-tier-saturated',
      'ratio-forest-saturated',
      'ratio-forest-equal-rate',
      'percentiles',
      'failure-1-local',
      'failure-2-sticky',
      'failure-3-redis',
      'failure-4-cookie',
      'failure-5-jwt',
      'logins-lost',
    ])
    expect(chartsOf(fixture({ arms: [], comparisons: [], failures: [] }))).toEqual([])
  })

  it('draws no latency that a self-check voided', () => {
    const percentiles = charts.find(({ id }) => id === 'percentiles')
    expect(percentiles?.data.rows.map(([mode]) => mode?.text)).not.toContain('cookie')
    expect(percentiles?.reading).toContain('voided its latency: cookie')
    const all = chartsOf(fixture({ checks: [{ name: 'lateness', ok: false, detail: '', voids: 'latency' }] }))
    expect(all.map(({ id }) => id)).not.toContain('percentiles')
  })

  it('gives no two of all modes and the baseline the same look, and says which further arms are in the table alone', () => {
    const [first] = fixture().arms
    if (first === undefined) throw new Error('the fixture has no arm')
    const names: ArmName[] = ['baseline', ...MODE_NAMES, 'jwt pair']
    const arms = names.map((arm) => ({ ...first, arm }))
    const chart = chartsOf(fixture({ arms, checks: [] })).find(({ id }) => id === 'percentiles')
    for (const frame of FRAMES) {
      const { series, grid } = (chart?.option(frame) ?? {}) as { series: LineSeries[]; grid: { top: number } }
      const looks = series.map(({ lineStyle, symbol }) => JSON.stringify([lineStyle, symbol]))
      expect([looks.length, new Set(looks).size]).toEqual([12, 12])
      // Two lines of names at least, which the plot lies beneath.
      expect(grid.top).toBeGreaterThan(60)
    }
    expect(chart?.reading).toContain('In the table alone, for want of room: jwt pair.')
    expect(chart?.data.rows.length).toBe(13)
  })

  it('says in the alternative text what is not claimed', () => {
    const forest = charts.find(({ id }) => id === 'ratio-forest-equal-rate')
    expect(forest?.description).toContain('cookie: 1.02 (0.97–1.08), no difference claimed.')
    expect(forest?.description).toContain('The baseline against itself: 0.99')
  })
})

describe.each(charts.map((chart) => [chart.id, chart] as const))('%s', (_, chart) => {
  it('has a title, a description, a reading and its figures', () => {
    expect(chart.data.rows.length).toBeGreaterThan(0)
    expect(chart.reading).not.toBe('')
    expect(chart.description).not.toBe('')
  })

  it.each(FRAMES)('is an SVG that stands alone at $width px', (frame) => {
    const svg = renderSvg(chart, frame)
    expect(svg).toMatch(/^<svg role="img" aria-labelledby="[^"]+" aria-describedby="[^"]+"/)
    expect(svg).toMatch(/<title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]+<\/desc>/)
    expect(svg.replace(/xmlns(:\w+)?="[^"]*"/g, '')).not.toMatch(/https?:|<script|NaN|undefined/)
  })

  it('is drawn the same every time', () => {
    const [frame] = FRAMES
    if (frame !== undefined) expect(renderSvg(chart, frame)).toBe(renderSvg(chart, frame))
  })
})

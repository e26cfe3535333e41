import { describe, expect, it } from 'vitest'
import { renderSideBySide } from '#bench/report/html/side-by-side.ts'
import { renderSummaries } from '#bench/report/markdown/side-by-side.ts'
import { distinctRuns } from '#bench/report/story/apart.ts'
import { renderRuns } from '#bench/report/terminal/run-report.ts'
import { failureRun, fixture } from '../fixture.ts'

const first = fixture()
const other = fixture({
  id: 'other-run',
  kind: 'chaos',
  arms: [],
  comparisons: [],
  noise: [],
  failures: [failureRun('jwt')],
  environment: { ...first.environment, cpuModel: 'Another CPU', cores: 64 },
})
const html = renderSideBySide([first, other])

describe('several runs side by side', () => {
  it('say first, in every format, that figures of different runs are not to be compared', () => {
    const markdown = renderSummaries([first, other])
    const text = renderRuns([first, other], { colour: false, width: 100 })
    for (const [shown, figure] of [
      [html, 'What a lookup costs'],
      [markdown, 'What a lookup costs'],
      [text, 'What a lookup costs'],
    ] as const) {
      const said = shown.replace(/\s+/g, ' ')
      expect(said).toContain('compare within a column, not across')
      expect(said.indexOf('These are different runs')).toBeLessThan(said.indexOf(figure))
    }
  })

  it('show in what their environments differ', () => {
    const row = /<th scope="row">Machine<\/th>(.*?)<\/tr>/.exec(html)?.[1] ?? ''
    expect(row).toContain('NO')
    expect(row).toContain('Example CPU')
    expect(row).toContain('Another CPU')
    expect(html).toMatch(/<th scope="row">Runtime<\/th><td class="dim">yes/)
  })

  it('use no id twice, although both have the same charts', () => {
    const ids = [...renderSideBySide([first, { ...first, id: 'again' }]).matchAll(/\sid="([^"]+)"/g)]
    expect(new Set(ids.map(([, id]) => id)).size).toBe(ids.length)
  })

  it('say of a run that has nothing to show in a section that it has none', () => {
    expect(renderSideBySide([first, { ...other, failures: [] }])).toContain('This run has none.')
  })

  it('shout where one of them is not valid', () => {
    expect(renderSideBySide([first, { ...other, valid: false }])).toContain('THIS RUN IS NOT VALID')
  })
})

it('takes the same run named twice as one run and no second measurement', () => {
  expect(distinctRuns([first, other, { ...first }])).toEqual([first, other])
})

import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { renderBench } from '../../../../bench/report/terminal/bench-table.ts'
import { renderChaos } from '../../../../bench/report/terminal/chaos-report.ts'
import { renderVerdict } from '../../../../bench/report/terminal/verdict-table.ts'
import { failureRun, fixture, metric } from '../fixture.ts'

const RENDERERS = { renderVerdict, renderBench, renderChaos }
const plain = { colour: false, width: 100 }

/** The cells of a mode's row in the table under that title. */
function row(text: string, title: string, name: string): string {
  const table = text.slice(text.indexOf(title))
  const found = table.split('\n').find((line) => new RegExp(`^ ${name}[¹²³]* `).test(line))
  return (found ?? '').replace(/ {2,}/g, ' ').trim()
}

describe.each(Object.entries(RENDERERS))('%s', (_, render) => {
  it.each([100, 80, 60, 200])(
    'keeps every line within the terminal and within 100 columns at %i',
    (width) => {
      for (const colour of [false, true]) {
        const lines = stripVTControlCharacters(render(fixture(), { colour, width })).split('\n')
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.min(100, width))
      }
    },
  )

  it('prints no escape sequence without colour, and the same text with it', () => {
    const text = render(fixture(), plain)
    expect(text).not.toContain('\u001b')
    const coloured = render(fixture(), { ...plain, colour: true })
    expect(coloured).toContain('\u001b')
    const squeezed = (each: string) => stripVTControlCharacters(each).replace(/ +\n/g, '\n')
    expect(squeezed(coloured)).toBe(squeezed(text))
  })

  it('says first and loudly that a run is not valid, and why', () => {
    const invalid = fixture({
      valid: false,
      checks: [{ name: 'achieved rate', ok: false, detail: '91 % of the target', voids: 'run' }],
    })
    const [first, second] = render(invalid, plain).split('\n')
    expect(first).toContain('THIS RUN IS NOT VALID')
    expect(second).toContain('achieved rate: 91 % of the target (voids the run)')
    expect(render(fixture({ checks: [] }), plain)).not.toContain('NOT VALID')
  })

  it('names a planted bug and an early end before any figure', () => {
    const { configuration } = fixture()
    const text = render(
      fixture({ interrupted: true, configuration: { ...configuration, plant: 'skip-logout' } }),
      plain,
    )
    expect(text.indexOf('skip-logout')).toBeGreaterThan(0)
    expect(text.indexOf('skip-logout')).toBeLessThan(text.indexOf('mode'))
    expect(text.indexOf('ended early')).toBeLessThan(text.indexOf('mode'))
  })

  it('gives Redis with its distance, the machine, the seed, and the command to run it again', () => {
    const text = render(fixture(), plain)
    for (const part of [
      'round trip 43 µs',
      'Example CPU @ 2.50GHz',
      'seed 42',
      'npx stillin verdict --seed 42',
    ])
      expect(text).toContain(part)
  })

  it('lets no text of the run move the cursor', () => {
    const text = render(fixture({ leftOut: ['a\u001b[2Jb\u0007c\nd'], sentences: ['\u009b31mred'] }), plain)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  })

  it('has something to say of a run that measured nothing', () => {
    const nothing = fixture({ arms: [], comparisons: [], noise: [], failures: [], sentences: [], checks: [] })
    expect(render(nothing, plain)).toContain('npx stillin verdict --seed 42')
  })
})

describe('what it costs', () => {
  const text = renderVerdict(fixture(), plain)

  it('has the baseline first and a row for each mode', () => {
    const at = ['baseline', 'local', 'sticky', 'redis', 'cookie', 'jwt'].map((name) =>
      text.search(new RegExp(`^ ${name}`, 'm')),
    )
    expect(at.every((each) => each > 0)).toBe(true)
    expect(at).toEqual(at.toSorted((a, b) => a - b))
  })

  it('prints each figure of a mode in its place', () => {
    expect(row(text, 'What a lookup costs', 'redis')).toBe(
      'redis 0.900 4.80 1,230 143 221 13.4 214 294 16,500 46.2 2.69 (2.61–2.77)',
    )
  })

  it('names the point of every figure above it', () => {
    expect(text).toMatch(/─ equal rate, 1,230\/s ─.*─ saturated ─/)
    expect(text).toContain('one node, 32 connections')
  })

  it('shows an invalid figure as a dash and its reason as a note', () => {
    expect(row(text, 'What a lookup costs', 'cookie')).toContain('0.700 –² 1,230')
    expect(text).toContain('² cookie: the generator was late in 3 of 8 windows')
  })

  it('prints ~ where no difference is claimed', () => {
    const { comparisons } = fixture()
    const unsure = comparisons.map((each) =>
      each.arm === 'cookie'
        ? { ...each, claimed: false, ratio: 1.02, interval: [0.97, 1.08] as const }
        : each,
    )
    const line = row(renderBench(fixture({ comparisons: unsure }), plain), 'What a lookup costs', 'cookie')
    expect(line).toMatch(/~ \(0\.97–1\.08\)$/)
    expect(line).not.toContain('1.02')
  })

  it('never takes a comparison between two modes for one with the baseline', () => {
    const [first] = fixture().comparisons
    const between = first === undefined ? [] : [{ ...first, arm: 'jwt' as const, against: 'redis' as const }]
    expect(row(renderBench(fixture({ comparisons: between }), plain), 'What a lookup costs', 'jwt')).toMatch(
      /59\.7$/,
    )
  })

  it('says at its name that a mode refuses people who are logged in', () => {
    expect(row(text, 'What a lookup costs', 'local')).toMatch(/^local¹ /)
    expect(text).toContain('66.7 % of the lookups of logged-in users were refused')
  })

  it('leaves out a tier that was not there', () => {
    const arms = fixture().arms.map((arm) => ({
      ...arm,
      metrics: arm.metrics.filter(({ name }) => name !== 'proxyCpuUs'),
    }))
    expect(renderBench(fixture({ arms }), plain)).not.toMatch(/ proxy +node +store/)
    expect(text).toMatch(/ proxy +node +store/)
  })
})

describe('what it loses', () => {
  const text = renderVerdict(fixture(), plain)

  it('counts logins lost, failed requests, and says when a logout takes hold', () => {
    expect(row(text, 'What it loses', 'sticky')).toBe(
      'sticky 0 33.7 (101/300) 876 at once (never accepted again, 6 logouts)',
    )
    expect(row(text, 'What it loses', 'jwt')).toBe(
      'jwt 0 0 (0/300) 36 at expiry, 300 s (4.9 s seen, lifetime 5 s)',
    )
    expect(row(text, 'What it loses', 'local')).toContain('by chance (4 of 6 logouts refused')
  })

  it('marks a broken promise', () => {
    const broken = failureRun('redis')
    const survival = { ...broken.survival, lost: 7, verdict: 'invalid' as const, detail: '7 logins lost' }
    const printed = renderVerdict(fixture({ failures: [{ ...broken, survival }] }), plain)
    expect(printed).toContain('redis broke its promise (while-store-lives): 7 logins lost')
  })

  it('shows the range of several runs and computes no average', () => {
    const failures = [0.3, 0.4, 0.35].map((share) =>
      failureRun('sticky', {
        metrics: [metric('loginsLostShare', 'share', 'failure', share, { interval: null })],
      }),
    )
    expect(row(renderVerdict(fixture({ failures }), plain), 'What it loses', 'sticky')).toContain(
      '30–40 (3 runs)',
    )
  })
})

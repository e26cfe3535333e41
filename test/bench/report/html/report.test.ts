import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { renderHtml } from '../../../../bench/report/html/report.ts'
import { notMeasured } from '../../../../bench/report/story/not-measured.ts'
import { fixture } from '../fixture.ts'

const html = renderHtml(fixture())

describe('renderHtml', () => {
  it('loads nothing and runs nothing', () => {
    const own = html.replace(/xmlns(:\w+)?="http[^"]*"/g, '')
    expect(own).not.toMatch(/<script|\son\w+=|javascript:|@import|<link(?! rel="icon" href="data:,")/i)
    expect(own).not.toMatch(/https?:\/\//)
    expect(own).not.toMatch(/url\((?!#)/)
  })

  it('has a light and a dark side, a narrow and a printed one', () => {
    expect(html).toContain('@media (prefers-color-scheme: dark)')
    expect(html).toContain('@media (max-width: 600px)')
    expect(html).toContain('@media print')
    expect(html).toContain('name="viewport"')
  })

  it('defines every colour that a chart or a rule uses, in both themes', () => {
    const used = new Set([...html.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name))
    const [light = '', dark = ''] = [...html.matchAll(/:root \{([^}]*)\}/g)].map(([, body]) => body)
    for (const name of used) expect(light).toContain(`${name}:`)
    for (const name of used)
      if (!['--tier-store', '--on-store', '--out-401', '--out-4xx'].includes(name ?? ''))
        expect(dark).toContain(`${name}:`)
  })

  it('gives each picture a title, a text alternative, a reading and its figures', () => {
    const figures = html.match(/<figure [\s\S]*?<\/figure>/g) ?? []
    expect(figures).toHaveLength(11)
    for (const figure of figures) {
      expect(figure.match(/<svg role="img"/g)).toHaveLength(2)
      expect(figure.match(/<title id=/g)).toHaveLength(2)
      expect(figure.match(/<desc id=/g)).toHaveLength(2)
      expect(figure).toMatch(/<figcaption>[^<]{40,}/)
      expect(figure).toMatch(/<details><summary>[\s\S]*<table>/)
    }
  })

  it('uses no id twice and links only to what is there', () => {
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
    for (const target of [...links, ...[...html.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id)])
      expect(ids).toContain(target)
  })

  it('takes a run without any self-check for one that is not known to be sound', () => {
    const unchecked = renderHtml(fixture({ checks: [] }))
    expect(unchecked).toContain('class="validity doubtful"><p>This kind of run has no self-checks</p>')
  })

  it('answers before it shows: question, sentences, machine, validity, then tables', () => {
    const at = [
      '<h1>',
      'class="sentences"',
      'Example CPU',
      'class="validity',
      'What a lookup costs</h3>',
      '<svg',
    ]
    const found = at.map((part) => html.indexOf(part))
    expect(found.every((each) => each > 0)).toBe(true)
    expect(found).toEqual(found.toSorted((a, b) => a - b))
  })

  it('shouts where the run is not valid', () => {
    const invalid = renderHtml(fixture({ valid: false }))
    expect(invalid).toMatch(/class="validity unusable" role="alert"><p>THIS RUN IS NOT VALID/)
    expect(invalid.indexOf('NOT VALID')).toBeLessThan(invalid.indexOf('class="sentences'))
    expect(html).not.toContain('NOT VALID')
  })

  it('leaves out the parts that a run has nothing for', () => {
    const chaos = renderHtml(fixture({ kind: 'chaos', arms: [], comparisons: [], noise: [], leftOut: [] }))
    expect(chaos).not.toContain('id="comparisons"')
    expect(chaos).toContain('id="failures"')
  })
})

describe('what was not measured', () => {
  it('is named: what the run left out, modes and faults that it had not, and the network', () => {
    const [, part = ''] = html.split('id="not-measured"')
    for (const said of ['tail latency beyond p99.9', 'jwt-denylist', 'pause-node', 'A network'])
      expect(part).toContain(said)
  })

  it('says of a run without a fault that nothing is known of who stays logged in', () => {
    expect(renderHtml(fixture({ failures: [] }))).toContain('nothing was broken')
    const migrated = fixture({ kind: 'chaos', failures: [], migration: { steps: [] } as never })
    expect(notMeasured(migrated)).toContain('Faults: none but the switches of mode.')
    expect(notMeasured(migrated).join()).not.toContain('nothing is known')
  })
})

/** Every text of the result that could come from outside, replaced by markup. */
function hostile<T>(value: T, evil: string): T {
  if (Array.isArray(value)) return value.map((each) => hostile(each, evil)) as T
  if (typeof value !== 'object' || value === null) return value
  const texts = new Set([
    'detail',
    'reason',
    'command',
    'cpuModel',
    'kernel',
    'origin',
    'id',
    'sentences',
    'leftOut',
    'part',
    'gitSha',
  ])
  const entries = Object.entries(value).map(([key, each]) => {
    if (!texts.has(key)) return [key, hostile(each, evil)]
    return [key, Array.isArray(each) ? [evil] : evil]
  })
  return Object.fromEntries(entries) as T
}

it('escapes every text, in the page and inside the pictures', () => {
  const evil = `</title></style><script>alert(1)</script><img src=x onerror="a">&'`
  const page = renderHtml(hostile(fixture(), evil))
  expect(page).not.toMatch(/<script|<img/)
  expect(page.match(/&lt;script&gt;alert\(1\)/g)?.length).toBeGreaterThan(20)
})

it('lets the process end after the charts are drawn', async () => {
  const url = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)))
  const script = `const [{ renderHtml }, { fixture }] = await Promise.all([
    import(${url('../../../../bench/report/html/report.ts')}), import(${url('../fixture.ts')})])
    process.stdout.write(String(renderHtml(fixture()).length > 1000))`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: fileURLToPath(new URL('../../../../', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 25_000,
    killSignal: 'SIGKILL',
  })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  const [code, signal] = await once(child, 'close')
  expect({ code, signal, printed }).toEqual({ code: 0, signal: null, printed: 'true' })
})

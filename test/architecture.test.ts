import { describe, expect, it } from 'vitest'
import { importSpecifiers, readSourceFiles } from './source-files.ts'

/** Rooms, innermost name first found wins, and the rooms each may import beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  services: ['contract'],
  proxy: ['contract'],
  cluster: ['contract'],
  'bench/workload': ['contract'],
  'bench/measure': ['contract'],
  'bench/statistics': ['contract'],
  'bench/report': ['contract'],
  'bench/check': ['contract'],
  'bench/load': ['contract', 'bench/workload', 'bench/measure'],
  'bench/chaos': ['contract', 'cluster'],
  'bench/experiment': [
    'contract',
    'cluster',
    'bench/workload',
    'bench/load',
    'bench/measure',
    'bench/statistics',
    'bench/chaos',
    'bench/check',
    'bench/report',
  ],
  'bench/cli': ['contract', 'cluster', 'bench/experiment', 'bench/report'],
}
const ROOM_NAMES = Object.keys(MAY_IMPORT)

const HARD_LINE_LIMIT = 200
/** Long on purpose: a table or a list of types is read in one piece. */
const LONG_FILES: readonly string[] = ['contract/modes.ts', 'contract/result.ts']
const FORBIDDEN_NAMES = /(^|\/)(utils?|helpers?|common|manager|misc)(\.ts|\/)/

const files = readSourceFiles()
const sources = files.filter((file) => !file.path.startsWith('test/'))

function roomOf(path: string): string {
  return ROOM_NAMES.find((room) => path.startsWith(`${room}/`)) ?? path.split('/')[0] ?? path
}

function forbiddenImports(from: string, imports: readonly string[]): string[] {
  const room = roomOf(from)
  const allowed = [room, ...(MAY_IMPORT[room] ?? [])]
  return imports.filter((target) => !allowed.includes(roomOf(target))).map((target) => `${from} → ${target}`)
}

describe('the rooms', () => {
  it('import only what the design allows them', () => {
    expect(sources.flatMap((file) => forbiddenImports(file.path, file.imports))).toEqual([])
  })

  it('are kept apart by a rule that can fail', () => {
    expect(forbiddenImports('bench/report/html.ts', ['bench/load/plan.ts'])).toHaveLength(1)
    expect(forbiddenImports('cluster/child.ts', ['services/auth/main.ts'])).toHaveLength(1)
    expect(forbiddenImports('services/auth/app.ts', ['proxy/guard.ts'])).toHaveLength(1)
  })

  it('let the contract import nothing but itself', () => {
    const offenders = sources.filter((file) => roomOf(file.path) === 'contract' && file.packages.length > 0)
    expect(offenders.map((file) => file.path)).toEqual([])
  })

  it('have no file outside a known room', () => {
    const homeless = sources.filter(
      (file) => !ROOM_NAMES.includes(roomOf(file.path)) && roomOf(file.path) !== 'k6',
    )
    expect(homeless.map((file) => file.path)).toEqual([])
  })
})

describe('a source file', () => {
  it('reads the environment only where it is named main.ts or config.ts', () => {
    const readers = sources.filter((file) => /process\.env\b/.test(file.text))
    expect(readers.map((file) => file.path).filter((path) => !/(^|\/)(main|config)\.ts$/.test(path))).toEqual(
      [],
    )
  })

  it('stays short enough to be read in one go', () => {
    const long = sources.filter((file) => file.lineCount > HARD_LINE_LIMIT && !LONG_FILES.includes(file.path))
    expect(long.map((file) => `${file.path}: ${file.lineCount} lines`)).toEqual([])
  })

  it('is named for what it exports, in kebab-case', () => {
    const badlyNamed = files.filter(
      (file) => FORBIDDEN_NAMES.test(file.path) || !/^[a-z0-9/.-]+$/.test(file.path),
    )
    expect(badlyNamed.map((file) => file.path)).toEqual([])
  })

  it('spawns or signals a process only in cluster', () => {
    const spawners = sources.filter((file) => /['"]node:child_process['"]/.test(file.text))
    expect(spawners.map((file) => file.path).filter((path) => roomOf(path) !== 'cluster')).toEqual([])
  })

  it('can be reached from a process that is started or from a script', () => {
    expect(unreachable()).toEqual([])
  })
})

describe('the reader of imports', () => {
  it('sees static, bare, re-exported and dynamic imports, and files named by URL', () => {
    const text = [
      "import { a } from './a.ts'",
      "import type {\n  B,\n} from '#contract/b.ts'",
      "import './c.ts'",
      "export { d } from './d.ts'",
      "const e = await import('./e.ts')",
      "const f = new URL('./f.ts', import.meta.url)",
      "/* import { g } from './g.ts' */",
    ].join('\n')
    expect(importSpecifiers(text).sort()).toEqual(
      ['#contract/b.ts', './a.ts', './c.ts', './d.ts', './e.ts', './f.ts'].sort(),
    )
  })
})

/** Files that no entry point leads to. Entry points are the files named main.ts and the k6 scripts. */
function unreachable(): string[] {
  const byPath = new Map(sources.map((file) => [file.path, file]))
  const queue = sources.filter((file) => /(^|\/)main\.ts$/.test(file.path) || file.path.startsWith('k6/'))
  const seen = new Set(queue.map((file) => file.path))
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    for (const target of file.imports) {
      const next = byPath.get(target)
      if (next && !seen.has(target)) {
        seen.add(target)
        queue.push(next)
      }
    }
  }
  return sources.map((file) => file.path).filter((path) => !seen.has(path))
}

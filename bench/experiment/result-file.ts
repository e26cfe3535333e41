import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderHtml } from '#bench/report/html/report.ts'
import { renderSummary } from '#bench/report/markdown/summary.ts'
import type { RunResult } from '#contract/result.ts'

/** Where a run's files are, as shown to the user. */
export interface ResultPaths {
  folder: string
  result: string
  summary: string
  report: string
}

/** Writes `result.json`, `summary.md` and `report.html` into `<root>/<run id>/` and points `<root>/latest` there. */
export function writeResult(root: string, result: RunResult): ResultPaths {
  const folder = join(root, result.id)
  mkdirSync(folder, { recursive: true })
  const paths = {
    folder,
    result: join(folder, 'result.json'),
    summary: join(folder, 'summary.md'),
    report: join(folder, 'report.html'),
  }
  writeFileSync(paths.result, `${JSON.stringify(result, null, 1)}\n`)
  writeFileSync(paths.summary, renderSummary(result))
  writeFileSync(paths.report, renderHtml(result))
  const latest = join(root, 'latest')
  rmSync(latest, { force: true })
  symlinkSync(result.id, latest)
  return paths
}

/** `20261120T231501-1a2b3c4`: sorts by time, names the commit. */
export function runId(startedAt: Date, gitSha: string | null): string {
  const time = startedAt.toISOString().replace(/[-:]/g, '').slice(0, 15)
  return `${time}-${gitSha?.slice(0, 7) ?? 'nogit'}`
}

import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderSummary } from '#bench/report/markdown/summary.ts'
import type { HistoryLine } from '#contract/history.ts'
import type { RunResult } from '#contract/result.ts'
import { firstFlaw } from './read-result.ts'

/** Where a run's files are, as shown to the user. */
export interface ResultPaths {
  folder: string
  result: string
  summary: string
  report: string
  /** Every request of the failure runs; undefined where there were none. */
  history: string | undefined
}

/** Writes `result.json`, `summary.md` and `report.html` into `<root>/<run id>/` and points `<root>/latest` there. */
export async function writeResult(
  root: string,
  result: RunResult,
  history: readonly HistoryLine[],
): Promise<ResultPaths> {
  // The charts' library takes a second to load: only whoever writes a report pays for it.
  const { renderHtml } = await import('#bench/report/html/report.ts')
  const flaw = firstFlaw(JSON.parse(JSON.stringify(result)))
  if (flaw !== undefined) throw new Error(`the result does not fit its own schema: ${flaw}`)
  const folder = join(root, result.id)
  mkdirSync(folder, { recursive: true })
  const paths = {
    folder,
    result: join(folder, 'result.json'),
    summary: join(folder, 'summary.md'),
    report: join(folder, 'report.html'),
    history: history.length > 0 ? join(folder, 'timeline.ndjson') : undefined,
  }
  writeFileSync(paths.result, `${JSON.stringify(result, null, 1)}\n`)
  writeFileSync(paths.summary, renderSummary(result))
  writeFileSync(paths.report, renderHtml(result))
  if (paths.history !== undefined) {
    writeFileSync(paths.history, history.map((line) => `${JSON.stringify(line)}\n`).join(''))
  }
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

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EXIT, StillinError } from '#contract/errors.ts'
import { searchPath } from '../config.ts'
import { PROJECT_ROOT } from '../entry-point.ts'
import { findProgram } from '../find-program.ts'
import { runProgram } from '../redis/run-program.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** What a run of k6/lookup.js says of itself. */
export interface K6Summary {
  /** Median of sending, waiting and receiving; over answers that were expected. null: there was none. */
  serviceP50Ms: number | null
  serviceP99Ms: number | null
  /** Iterations that were due and not begun: the rate was not kept. */
  dropped: number
  /** Share of checks that held. */
  checks: number
}

interface Summary {
  metrics: Readonly<Record<string, Readonly<Record<string, number>> | undefined>>
}

const LOOKUPS = 'http_req_duration{kind:lookup,expected_response:true}'

/** @throws StillinError (unavailable) where there is no k6 on the PATH. */
export async function findK6(path: string = searchPath()): Promise<string> {
  const file = await findProgram('k6', path)
  if (file !== undefined) return file
  throw new StillinError('k6 is not on the PATH', {
    exitCode: EXIT.unavailable,
    hint: 'Install it (https://grafana.com/docs/k6), or leave --generator k6 out.',
  })
}

/**
 * Runs k6/lookup.js to its end. Thresholds that are crossed are no error: the summary says what was.
 * @throws Error where k6 leaves no summary.
 */
export async function runK6Lookups(
  k6: string,
  settings: Readonly<Record<string, string>>,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<K6Summary> {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'summary.json')
  const variables = Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  const flags = ['--quiet', '--no-usage-report', '--address', '', '--summary-export', file]
  const script = join(PROJECT_ROOT, 'k6', 'lookup.js')
  const failure = await runProgram(k6, ['run', ...flags, ...variables, script], options).then(
    () => undefined,
    (error: unknown) => error,
  )
  options.signal.throwIfAborted()
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) throw new StillinError(`k6 left no summary: ${String(failure)}`)
  return summaryOf(JSON.parse(text) as Summary)
}

/** Reads what `--summary-export` wrote. */
export function summaryOf({ metrics }: Summary): K6Summary {
  return {
    serviceP50Ms: metrics[LOOKUPS]?.['med'] ?? null,
    serviceP99Ms: metrics[LOOKUPS]?.['p(99)'] ?? null,
    dropped: metrics['dropped_iterations']?.['count'] ?? 0,
    checks: metrics['checks']?.['value'] ?? 0,
  }
}

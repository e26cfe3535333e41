import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sample } from '#bench/load/plan.ts'
import type { ForeignBench, ForeignFailure } from '#contract/foreign.ts'

/** A request of a run, as `timeline.ndjson` keeps it: µs from the start of the load. */
export type WrittenRequest = Sample

/** Writes `foreign.json`, and every request in `timeline.ndjson`, into `<root>/<run id>/`. @returns the files. */
export function writeForeign(
  root: string,
  result: ForeignBench | ForeignFailure,
  requests: readonly WrittenRequest[],
): readonly string[] {
  const folder = join(root, result.id)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'foreign.json')
  writeFileSync(file, `${JSON.stringify(result, null, 1)}\n`)
  if (requests.length === 0) return [file]
  const timeline = join(folder, 'timeline.ndjson')
  writeFileSync(timeline, requests.map((request) => `${JSON.stringify(request)}\n`).join(''))
  return [file, timeline]
}

import { readGitCommit } from '#bench/measure/git-commit.ts'
import { PROJECT_ROOT } from '#cluster/entry-point.ts'
import type { LabOptions } from '../lab/lab.ts'

/** What a matrix was begun with: cells of another are not mixed in. Texts by name. */
export type Begun = Readonly<Record<string, string>>

/** Everything that decides what a cell shows, the version of stillin included. */
export async function describeBegun(
  lab: LabOptions,
  settings: { seed: number; ratePerS: number; short: boolean },
): Promise<Begun> {
  const { renewalFlags: _, ...options } = lab
  const entries = Object.entries({ ...options, ...settings }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, text(name, value)] as const],
  )
  const version = (await readGitCommit(PROJECT_ROOT)) ?? 'of a package'
  return Object.fromEntries([...entries, ['version', version]])
}

function text(name: string, value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  // Of an address its host: a password may stand in it.
  return name.endsWith('Url') ? URL.parse(value)?.host || value : value
}

/** What differs, in words: `nodes was 3 and is 2`. */
export function differences(before: Begun, now: Begun): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])]
  return names
    .filter((name) => before[name] !== now[name])
    .map((name) => `${name} was ${before[name] ?? 'not set'} and is ${now[name] ?? 'not set'}`)
}

import type { RunResult } from '#contract/result.ts'

/** What must be said before figures of several runs stand side by side. */
export const APART =
  'These are different runs. Only modes of one run were measured in paired rounds, so compare within a column, not across: what differs between columns may be the machine, the hour or the settings. `stillin compare A B` puts a figure, an interval and its doubts on such a difference.'

/** Each run once: a file given twice is the same figures, and no second measurement. */
export function distinctRuns(results: readonly RunResult[]): readonly RunResult[] {
  return results.filter((result, at) => results.findIndex(({ id }) => id === result.id) === at)
}

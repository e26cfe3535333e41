import type { RunResult } from '#contract/result.ts'

/** A mode's name in this run: `redis (postgres)` where another central store stood in Redis's place. */
export function armTitle({ configuration }: RunResult, name: string): string {
  const { store = 'redis' } = configuration
  return name === 'redis' && store !== 'redis' ? `${name} (${store})` : name
}

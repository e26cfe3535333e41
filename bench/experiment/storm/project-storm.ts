import type { StormCourse, StormRun, StormSize } from '#contract/result.ts'

/** What storms are projected for unless somebody asks otherwise. */
export const STORM_SIZES: readonly StormSize[] = [4, 16, 64].map((cores) => ({ users: 10_000, cores }))

type Cost = Pick<StormRun, 'users' | 'nodeCpuMsEach'>

/** Ms of nothing but the nodes' CPU of so many logins on so many cores; null where it was not measured. */
export function projectedMs({ nodeCpuMsEach }: Cost, { users, cores }: StormSize): number | null {
  return nodeCpuMsEach === null ? null : (users * nodeCpuMsEach) / cores
}

/** What one storm projects for another on the same cores, and by how much that was wrong. */
export function projectStorm(
  from: Cost,
  storm: Pick<StormRun, 'users' | 'allBackMs'>,
  cores: number,
): StormCourse['projection'] {
  const allBackMs = projectedMs(from, { users: storm.users, cores })
  if (allBackMs === null) return null
  const error = storm.allBackMs === null ? null : allBackMs / storm.allBackMs - 1
  return { fromUsers: from.users, cores, allBackMs, error }
}

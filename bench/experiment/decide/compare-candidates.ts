import type { Decision } from '#contract/decision.ts'
import type { ModeName } from '#contract/modes.ts'
import type { Point } from '#contract/result.ts'
import { compareModes } from '../costs/compare-arms.ts'
import { isAsNamed } from '../costs/saturation.ts'
import type { Source } from './source.ts'

const POINTS: readonly Point[] = ['saturated', 'equal-rate']

/**
 * CPU of nodes and store together, mode against mode, in the rounds of the first run of lookups that has them all:
 * figures of different runs are not compared, and those of a mix are of something else.
 */
export function compareCandidates(
  modes: readonly ModeName[],
  sources: readonly Source[],
): Decision['comparisons'] {
  if (modes.length < 2) return []
  const whole = sources.find(
    ({ result }) =>
      result.configuration.mix === undefined &&
      modes.every((mode) =>
        POINTS.every((point) => result.windows.some((row) => row.arm === mode && row.point === point)),
      ),
  )
  if (whole === undefined) return []
  const { windows } = whole.result
  return POINTS.flatMap((point) => {
    // Of a mode whose node had rest there is no figure of a saturated one.
    const named = modes.filter((mode) => isAsNamed(windows, mode, point))
    return compareModes(windows, named, 'serverCpuUs', point).map((one) => ({ ...one, file: whole.file }))
  })
}

/** Those that no other is known to undercut: a ranking counts only where it holds at both points. */
export function notUndercut(
  modes: readonly ModeName[],
  comparisons: Decision['comparisons'],
): readonly ModeName[] {
  return modes.filter((mode) => !modes.some((other) => isCheaper(other, mode, comparisons)))
}

function isCheaper(one: ModeName, other: ModeName, comparisons: Decision['comparisons']): boolean {
  return POINTS.every((point) =>
    comparisons.some(
      ({ arm, against, claimed, ratio, point: at }) =>
        at === point &&
        claimed &&
        ((arm === one && against === other && ratio < 1) || (arm === other && against === one && ratio > 1)),
    ),
  )
}

import { monotonicUs } from '#contract/clock.ts'
import type { LoadHooks, LoadWindow } from './plan.ts'

/** The two moments between which a window is open, and what the generator's process used in between. */
export interface Edges {
  /** Between the start and the end. */
  readonly isOpen: boolean
  /** Both have been taken. */
  readonly areTaken: boolean
  take(edge: 'start' | 'end'): void
  /** After both were taken. */
  figures(): Pick<LoadWindow, 'edgesUs' | 'inFlight' | 'generatorCpu'>
}

interface Mark {
  atUs: number
  userUs: number
  systemUs: number
  loopUs: number
  inFlight: number
}

export function createEdges(inFlight: () => number, onEdge: LoadHooks['onEdge']): Edges {
  const marks: Partial<Record<'start' | 'end', Mark>> = {}
  return {
    get isOpen() {
      return marks.start !== undefined && marks.end === undefined
    },
    get areTaken() {
      return marks.start !== undefined && marks.end !== undefined
    },
    take(edge) {
      const whole = process.cpuUsage()
      const thread = process.threadCpuUsage()
      const mark: Mark = {
        atUs: monotonicUs(),
        userUs: whole.user,
        systemUs: whole.system,
        loopUs: thread.user + thread.system,
        inFlight: inFlight(),
      }
      marks[edge] = mark
      onEdge?.(edge, mark.atUs)
    },
    figures() {
      const { start, end } = marks
      if (!start || !end) throw new Error('a window ended before both of its edges were taken')
      return {
        edgesUs: [start.atUs, end.atUs],
        inFlight: [start.inFlight, end.inFlight],
        generatorCpu: {
          userUs: end.userUs - start.userUs,
          systemUs: end.systemUs - start.systemUs,
          loopUs: end.loopUs - start.loopUs,
          elapsedUs: end.atUs - start.atUs,
        },
      }
    },
  }
}

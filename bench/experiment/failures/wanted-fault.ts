import type { Fault } from '#bench/chaos/fault.ts'
import { FAULTS } from '#bench/chaos/fault-table.ts'
import { type FaultStep, scheduledFaults } from '#bench/chaos/scheduled-faults.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { type FaultName, MODES, type ModeName } from '#contract/modes.ts'
import { DEFAULT_FAILURE_SCHEDULE, type FailureSchedule, scheduleOf } from './failure-schedule.ts'

/** One fault by name, or several in a row. */
export type WantedFault = FaultName | readonly FaultStep[]

export function faultOf(wanted: WantedFault): Fault {
  return typeof wanted === 'string' ? FAULTS[wanted] : scheduledFaults(wanted)
}

/** When it strikes and heals unless told otherwise, at this rate. */
export function usualScheduleOf(
  fault: FaultName,
  { ratePerS, ...wanted }: { ratePerS: number; atMs: number | undefined; forMs: number | undefined },
): FailureSchedule {
  return scheduleOf(FAULTS[fault], { ...DEFAULT_FAILURE_SCHEDULE, ratePerS }, wanted)
}

export function faultNames(wanted: WantedFault): readonly FaultName[] {
  return typeof wanted === 'string' ? [wanted] : wanted.map(({ fault }) => fault)
}

export function hitsStore(wanted: WantedFault): boolean {
  return faultNames(wanted).some((fault) => FAULTS[fault].hits === 'store')
}

/**
 * The modes in which these faults have a meaning, by the mode table, and which were left out.
 * @throws StillinError (usage) where none is left.
 */
export function modesFor(
  modes: readonly ModeName[],
  wanted: WantedFault,
): { modes: readonly ModeName[]; leftOut: readonly string[] } {
  const without = (mode: ModeName) =>
    faultNames(wanted).filter((fault) => !MODES[mode].faults.includes(fault))
  const fitting = modes.filter((mode) => without(mode).length === 0)
  const leftOut = modes
    .filter((mode) => without(mode).length > 0)
    .map((mode) => `${mode}: left out, since ${without(mode).join(', ')} has no meaning there.`)
  if (fitting.length > 0) return { modes: fitting, leftOut }
  throw new StillinError(`${faultNames(wanted).join(', ')} has no meaning in ${modes.join(', ')}`, {
    exitCode: EXIT.usage,
    hint: 'See "faults" of each mode in contract/modes.ts; --modes all leaves out those without.',
  })
}

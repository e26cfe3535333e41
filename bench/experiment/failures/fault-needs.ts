import { FAULTS } from '#bench/chaos/fault-table.ts'
import type { FaultName } from '#contract/modes.ts'
import type { LabOptions } from '../lab/lab.ts'

/** Far more than a failure run makes, and filled within a second. */
const MEMORY_SESSIONS = 8_000

/** What a lab must be started with so that these faults can strike, in every arm alike. */
export function labFor(faults: readonly FaultName[]): Partial<LabOptions> {
  const needs = new Set(faults.flatMap((fault) => FAULTS[fault].needs))
  return {
    ...(needs.has('links') ? { links: true } : {}),
    ...(needs.has('movable-clocks') ? { movableClocks: true } : {}),
    ...(needs.has('memory-bound') ? { memorySessions: MEMORY_SESSIONS } : {}),
  }
}

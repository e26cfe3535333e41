import type { FaultName } from '#contract/modes.ts'
import type { Fault } from './fault.ts'
import { killNode } from './faults/kill-node.ts'

/** Every fault by name. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = { 'kill-node': killNode }

import type { LoadPlan, LoadWindow, Sample } from './plan.ts'

/** To the generator's process. One run at a time; `runId` tells late messages of an aborted run from the next one's. */
export type GeneratorRequest =
  | { type: 'run'; runId: number; plan: LoadPlan }
  | { type: 'abort'; runId: number }

/** From the generator's process; besides `ready` and `failed` of contract/supervision.ts. */
export type GeneratorEvent =
  | { type: 'edge'; runId: number; edge: 'start' | 'end'; atUs: number }
  | { type: 'samples'; runId: number; batch: readonly Sample[] }
  | { type: 'window'; runId: number; window: LoadWindow }
  | { type: 'error'; runId: number; message: string; hint?: string }

export function isGeneratorEvent(message: unknown): message is GeneratorEvent {
  const type = (message as { type?: unknown } | null)?.type
  return type === 'edge' || type === 'samples' || type === 'window' || type === 'error'
}

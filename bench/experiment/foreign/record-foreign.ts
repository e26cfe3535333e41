import { currentLoad, describeEnvironment } from '#bench/measure/environment.ts'
import { PROJECT_ROOT } from '#cluster/entry-point.ts'
import { isWorkTreeDirty } from '#cluster/git-state.ts'
import type { ForeignFailure, ForeignService } from '#contract/foreign.ts'
import { runId } from '../results/result-file.ts'

/** One run on a service that is not ours. */
export interface ForeignRun {
  readonly service: ForeignService
  readonly seed: number
  /** The command line that runs it again. */
  readonly command: string
  readonly startedAt: Date
  readonly loadBefore: number
}

export function beginForeign(service: ForeignService, seed: number, command: string): ForeignRun {
  return { service, seed, command, startedAt: new Date(), loadBefore: currentLoad() }
}

/** Listed where a reader would miss it. */
const NOT_OURS = 'what goes on inside: no mode, no store and no proxy of stillin’s is known to be there.'

/** What every result says of its circumstances. Call it after the run. */
export async function recordForeign(
  { service, seed, command, startedAt, loadBefore }: ForeignRun,
  leftOut: readonly string[] = [],
): Promise<
  Pick<
    ForeignFailure,
    | 'schemaVersion'
    | 'id'
    | 'startedAt'
    | 'service'
    | 'entrance'
    | 'command'
    | 'seed'
    | 'environment'
    | 'leftOut'
  >
> {
  const { target, name } = service
  const environment = await describeEnvironment({
    root: PROJECT_ROOT,
    gitDirty: await isWorkTreeDirty(PROJECT_ROOT),
    redis: null,
    forwarder: 'not ours',
    loadBefore,
  })
  const blind = target.nodes.length === 0 ? ['nodes one by one: the file gives them no addresses.'] : []
  return {
    schemaVersion: 1,
    id: runId(startedAt, environment.gitSha),
    startedAt: startedAt.toISOString(),
    service: name,
    entrance: target.url,
    command,
    seed,
    environment,
    leftOut: [...blind, ...leftOut, NOT_OURS],
  }
}

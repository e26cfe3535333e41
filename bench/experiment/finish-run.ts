import { describeEnvironment } from '#bench/measure/environment.ts'
import { PROJECT_ROOT } from '#cluster/entry-point.ts'
import { isWorkTreeDirty } from '#cluster/git-state.ts'
import { RESULT_SCHEMA_VERSION, type RunConfiguration, type RunResult } from '#contract/result.ts'
import type { CostEvidence } from './costs/measure-costs.ts'
import { describeStore, withoutUnreadStore } from './lab/describe-store.ts'
import type { Lab } from './lab/lab.ts'
import { measureRedisDistance } from './lab/redis-distance.ts'
import { runId } from './results/result-file.ts'
import { drawSentences } from './sentences.ts'

/** What a run knows of itself when its measurements are done. */
export interface RunRecord extends Partial<CostEvidence> {
  kind: RunResult['kind']
  startedAt: Date
  loadBefore: number
  seed: number
  command: string
  configuration: RunConfiguration
  failures?: RunResult['failures']
  checks: RunResult['checks']
  leftOut: readonly string[]
  interrupted: boolean
}

/** Adds what can be said of the machine and of the whole, and judges whether the figures may be used. */
export async function finishRun(lab: Lab, record: RunRecord): Promise<RunResult> {
  const environment = await describeEnvironment({
    root: PROJECT_ROOT,
    gitDirty: await isWorkTreeDirty(PROJECT_ROOT),
    redis: await describeRedis(lab),
    store: await describeStore(lab),
    forwarder: record.configuration.forwarder,
    loadBefore: record.loadBefore,
  })
  const { evidence, leftOut } = withoutUnreadStore(lab, record)
  const { arms = [], comparisons = [], noise = [], windows = [], failures = [] } = evidence
  const { kind, seed, command, configuration, checks, interrupted } = record
  return {
    schemaVersion: RESULT_SCHEMA_VERSION,
    kind,
    id: runId(record.startedAt, environment.gitSha),
    startedAt: record.startedAt.toISOString(),
    durationS: (Date.now() - record.startedAt.getTime()) / 1000,
    seed,
    command,
    configuration,
    environment,
    arms,
    comparisons,
    noise,
    windows,
    failures,
    checks,
    leftOut: [...record.leftOut, ...leftOut],
    ...(record.renewals && { renewals: record.renewals }),
    sentences: drawSentences({ arms, comparisons, failures, environment, configuration }),
    valid: !interrupted && checks.every((check) => check.ok || check.voids !== 'run'),
    interrupted,
  }
}

/** Which Redis, and how far away it is from a node; null: none. */
export async function describeRedis(lab: Lab): Promise<RunResult['environment']['redis']> {
  if (!lab.redis) return null
  const { version, origin, url } = lab.redis
  return { version, origin, ...(await measureRedisDistance(lab.cluster, url)) }
}

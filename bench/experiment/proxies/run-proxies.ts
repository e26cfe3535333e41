import { currentLoad } from '#bench/measure/environment.ts'
import type { ProxyEvidence, RunResult } from '#contract/result.ts'
import { type BenchSettings, visitSeconds } from '../costs/bench-settings.ts'
import { finishRun } from '../finish-run.ts'
import { type LabOptions, openLab } from '../lab/lab.ts'
import { createSchedule, type Progress } from '../progress.ts'
import { measureProxies } from './measure-proxies.ts'
import { openProxyArms } from './proxy-arms.ts'

export interface ProxyExperiment {
  lab: LabOptions
  settings: BenchSettings
  /** The command line that runs it again. */
  command: string
}

/** Compares proxies before the nodes of a cluster of their own. Interrupted, it returns what was measured so far. */
export async function runProxies(
  { lab: options, settings, command }: ProxyExperiment,
  progress: Progress,
  signal: AbortSignal,
): Promise<RunResult> {
  const startedAt = new Date()
  const loadBefore = currentLoad()
  await using lab = await openLab(options, progress, signal)
  await using stack = new AsyncDisposableStack()
  progress.update('starting the proxies')
  const { arms, leftOut } = await openProxyArms(lab, stack, signal)
  const plannedS =
    (arms.length * settings.warmUpMaxMs) / 1000 + settings.rounds * (arms.length + 1) * visitSeconds(settings)
  const schedule = createSchedule(progress, plannedS)
  const { evidence, checks, ratePerS } = await measureProxies(lab, arms, settings, schedule, signal)
  schedule.begin('writing down')
  const result = await finishRun(lab, {
    kind: 'proxies',
    startedAt,
    loadBefore,
    seed: settings.seed,
    command,
    configuration: {
      modes: lab.modes,
      nodes: options.nodes,
      via: 'proxy',
      forwarder: 'http-proxy, undici',
      connections: settings.connections,
      rounds: settings.rounds,
      windowMs: settings.windowMs,
      ratePerS,
      users: options.users,
      jwtAlgorithm: options.jwtAlgorithm,
      jwtVerifier: options.jwtVerifier,
      plant: options.plant ?? null,
    },
    checks,
    leftOut: [...lab.leftOut, ...leftOut],
    interrupted: signal.aborted,
  })
  return { ...result, proxies: evidence, sentences: proxySentences(evidence) }
}

/** What the claimed ratios say, and no more. */
function proxySentences({ comparisons }: ProxyEvidence): string[] {
  return comparisons
    .filter(({ metric, claimed, arm }) => metric === 'proxyCpuUs' && claimed && arm !== 'nginx')
    .map(({ arm, against, ratio, interval, point }) => {
      const where = point === 'saturated' ? 'under as much load as it carries' : 'at the equal rate'
      const range = `${interval[0].toFixed(2)}–${interval[1].toFixed(2)}`
      return `A request through ${arm} costs ${ratio.toFixed(2)} (${range}) times the proxy CPU that it costs through ${against}, ${where}.`
    })
}

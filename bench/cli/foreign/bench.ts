import { BENCH_SETTINGS, defaultRounds } from '#bench/experiment/costs/bench-settings.ts'
import { benchForeign } from '#bench/experiment/foreign/bench-foreign.ts'
import { beginForeign } from '#bench/experiment/foreign/record-foreign.ts'
import { renderForeignBench } from '#bench/report/terminal/foreign-bench.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { ForeignService } from '#contract/foreign.ts'
import { LAB } from '#contract/lab.ts'
import type { CommandContext } from '../command-context.ts'
import type { OutputFlags } from '../finish.ts'
import type { LoadFlags } from '../load-flags.ts'
import { showProgress } from '../show-progress.ts'
import { finishForeign, foreignCommand } from './finish-foreign.ts'

interface ForeignBenchFlags
  extends Pick<LoadFlags, 'rate' | 'rounds' | 'windowMs' | 'connections'>,
    OutputFlags {
  cluster?: string
  seed?: number
}

/** `stillin bench` at a service that is not ours: lookups at one rate. */
export async function benchOfForeign(
  context: CommandContext,
  service: ForeignService,
  flags: ForeignBenchFlags,
): Promise<void> {
  const { cluster, rate, connections = LAB.connections, seed = 1, json, out } = flags
  if (rate === undefined)
    throw new StillinError("bench at a service that is not stillin's needs --rate", {
      exitCode: EXIT.usage,
      hint: 'What it can bear is not for stillin to try: begin with --rate 50.',
    })
  const { rounds = defaultRounds([]), windowMs = BENCH_SETTINGS.windowMs } = flags
  const command = foreignCommand('bench', {
    cluster,
    rate,
    connections: flags.connections,
    rounds: flags.rounds,
    'window-ms': flags.windowMs,
    seed,
  })
  using progress = showProgress(context)
  const run = beginForeign(service, seed, command)
  const settings = { ratePerS: rate, rounds, windowMs, connections }
  const result = await benchForeign(run, settings, progress, context.signal)
  progress.pause()
  finishForeign(context, result, [], renderForeignBench, { json, out })
  if (context.signal.aborted) context.exitWith(EXIT.interrupted)
  else if (!result.valid) context.exitWith(EXIT.invalid)
}

import { usualScheduleOf } from '#bench/experiment/failures/wanted-fault.ts'
import { breakForeign } from '#bench/experiment/foreign/break-foreign.ts'
import { beginForeign } from '#bench/experiment/foreign/record-foreign.ts'
import { renderForeignFailure } from '#bench/report/terminal/foreign-failure.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { FOREIGN_FAULTS, type ForeignFault, type ForeignService } from '#contract/foreign.ts'
import { LAB } from '#contract/lab.ts'
import type { CommandContext } from '../command-context.ts'
import type { ChaosFlags } from '../commands/chaos.ts'
import { showProgress } from '../show-progress.ts'
import { finishForeign, foreignCommand } from './finish-foreign.ts'

/** `stillin chaos` at a service that is not ours. */
export async function chaosForeign(
  context: CommandContext,
  service: ForeignService,
  { cluster, fault = 'kill-node', at, for: forMs, rate = LAB.failureRate, seed = 1, json, out }: ChaosFlags,
): Promise<void> {
  const wanted = demandFault(fault)
  const schedule = usualScheduleOf(wanted, { ratePerS: rate, atMs: at, forMs })
  const command = foreignCommand('chaos', {
    cluster,
    fault: wanted,
    at: at === undefined ? undefined : `${at}ms`,
    for: forMs === undefined ? undefined : `${forMs}ms`,
    rate,
    seed,
  })
  using progress = showProgress(context)
  const run = beginForeign(service, seed, command)
  const { result, requests } = await breakForeign(run, wanted, schedule, progress, context.signal)
  progress.pause()
  finishForeign(context, result, requests, renderForeignFailure, { json, out })
}

function demandFault(fault: string): ForeignFault {
  const known = FOREIGN_FAULTS.find((name) => name === fault)
  if (known !== undefined) return known
  throw new StillinError(`${fault} wants a cluster of stillin`, {
    exitCode: EXIT.usage,
    hint: `At a service that is not stillin's there are ${FOREIGN_FAULTS.join(', ')}.`,
  })
}

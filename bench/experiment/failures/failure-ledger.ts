import type { Holding } from '#bench/check/survival.ts'
import { countMoves, type FalseLogouts } from '#bench/check/user-story.ts'
import { judgeWrites, type Written } from '#bench/check/written.ts'
import type { Sample } from '#bench/load/plan.ts'
import type { Mode } from '#contract/modes.ts'
import type { FailureLedger, Survival } from '#contract/result.ts'
import type { Driven } from './drive-failure.ts'
import { joinedLedger } from './joined-ledger.ts'

/** What everybody was promised and what they then saw, in numbers. */
export function failureLedger(
  samples: readonly Sample[],
  run: Driven & {
    before: readonly Holding[]
    begunAfter: readonly Holding[]
    written: readonly Written[]
  },
  mode: Mode,
  nodes: readonly string[],
  verdicts: { survival: Survival; falseLogouts: FalseLogouts },
): FailureLedger {
  const { logins, writers, intrusions, loginCpuMs } = run.side
  const during = logins.filter(({ sentUs }) => sentUs >= run.faultUs && sentUs < run.healUs)
  const { users, lasting } = verdicts.falseLogouts
  const out = verdicts.survival.lost + lasting.size
  const { asked, accepted, lastAcceptUs } = intrusions.forged
  const { joined } = run
  return {
    logins: {
      tried: logins.length,
      failed: countFailed(logins),
      triedDuringFault: during.length,
      failedDuringFault: countFailed(during),
    },
    writes: { tried: writers.tried, acknowledged: writers.acknowledged, ...judgeWrites(run.written) },
    falseLogouts: { users: users.size, lasting: lasting.size },
    pinsMoved:
      mode.balancer === 'affinity-cookie'
        ? countMoves(samples, [...nodes, ...(joined ? [joined.node] : [])])
        : null,
    loggedOut: { ...intrusions.loggedOut, expected: mode.expected.lookup['logged-out'] },
    forged:
      asked === 0
        ? null
        : {
            asked,
            accepted,
            acceptedForMs: lastAcceptUs === 0 ? 0 : (lastAcceptUs - run.faultUs) / 1000,
            acceptedAfterHealMs: Math.max(0, (lastAcceptUs - run.healUs) / 1000),
          },
    ...(joined && { joined: joinedLedger(samples, joined, run, run.begunAfter) }),
    reLogins: { users: out, cpuMsEach: loginCpuMs },
  }
}

function countFailed(logins: readonly { made: boolean }[]): number {
  return logins.filter(({ made }) => !made).length
}

import { SERVED_BY_PROXY } from '#contract/headers.ts'
import type { OutcomeCounts } from '#contract/outcomes.ts'
import { isAvailable } from '#contract/outcomes.ts'
import type { SelfCheck } from '#contract/result.ts'
import type { CheckedWindow, LoadedWindow } from './checked-window.ts'
import { byArm, sumOutcomes } from './checked-window.ts'

const MOST_FAILED = 0.001
/** How far one node's share may lie from an equal one, relative to it. */
const MOST_IMBALANCE = 0.25
const MOST_SKEW_MS = 250
/** Requests that started or ended between an edge and the reading for it come on top, at the window's own rate. */
const COUNT_SLACK = 5

/** Do the servers' side and the clients' tell the same story? Each check fails on what would make the figures lie. */
export function checkServers(windows: readonly CheckedWindow[]): SelfCheck[] {
  const checks = [checkLedger(windows), checkCounts(windows)]
  for (const [arm, own] of byArm(windows))
    checks.push(checkUser(arm, own), checkMode(arm, own), checkAnswers(arm, own))
  return checks
}

/** No part was started again within a window, and the servers' clock is the clients'. */
export function checkLedger(windows: readonly CheckedWindow[]): SelfCheck {
  const problems = windows.flatMap(({ ledger }) => ledger.problems)
  const skewMs = Math.max(
    0,
    ...windows.map(({ ledger }) => Math.max(ledger.skewUs.start, ledger.skewUs.end) / 1000),
  )
  return {
    name: 'servers were read in time',
    ok: problems.length === 0 && skewMs <= MOST_SKEW_MS,
    detail: problems[0] ?? `their counters were read at most ${skewMs.toFixed(1)} ms from a window's edge`,
    voids: 'run',
  }
}

/** What the nodes say they answered is what clients say the nodes answered, give or take what was in flight. */
export function checkCounts(windows: readonly CheckedWindow[]): SelfCheck {
  const wrong = windows.filter((window) => Math.abs(difference(window)) > tolerated(window))
  const first = wrong[0]
  return {
    name: "servers' count = clients' count",
    ok: wrong.length === 0 && windows.length > 0,
    detail: first
      ? `${first.arm}, ${first.load.kind} loop: nodes counted ${first.ledger.answered} answers, clients ${fromNodes(first)}; ${tolerated(first)} may be in flight`
      : `${windows.length} of ${windows.length} windows agree`,
    voids: 'run',
  }
}

function fromNodes({ load }: CheckedWindow): number {
  return Object.entries(load.byNode).reduce(
    (sum, [node, count]) => (node === SERVED_BY_PROXY || node === '' ? sum : sum + count),
    0,
  )
}

function difference(window: CheckedWindow): number {
  return window.ledger.answered - fromNodes(window)
}

function tolerated(window: CheckedWindow): number {
  const { load, ledger } = window
  const perUs = fromNodes(window) / Math.max(1, load.edgesUs[1] - load.edgesUs[0])
  const whileReading = Math.ceil(perUs * (ledger.skewUs.start + ledger.skewUs.end))
  return load.inFlight[0] + load.inFlight[1] + whileReading + COUNT_SLACK
}

function checkUser(arm: CheckedWindow['arm'], windows: readonly CheckedWindow[]): SelfCheck {
  const wrong = total(windows, (outcomes) => outcomes.wrong_user)
  const answers = total(windows, sumOutcomes)
  return {
    name: 'right user in every answer',
    ok: wrong === 0,
    detail: `${wrong} of ${answers} answers named somebody else`,
    arm,
    voids: 'run',
  }
}

function checkMode(arm: CheckedWindow['arm'], windows: readonly CheckedWindow[]): SelfCheck {
  const wrong = windows.reduce((sum, { load }) => sum + load.wrongMode, 0)
  return {
    name: 'right mode in every answer',
    ok: wrong === 0,
    detail: `${wrong} answers named another mode`,
    arm,
    voids: 'run',
  }
}

/** Next to no request fails for want of a server. */
export function checkAnswers(arm: CheckedWindow['arm'], windows: readonly LoadedWindow[]): SelfCheck {
  const answers = total(windows, sumOutcomes)
  const failed = total(windows, (outcomes) => sumOutcomes(outcomes) - available(outcomes))
  const share = answers === 0 ? 1 : failed / answers
  return {
    name: 'answers as the table says',
    ok: share <= MOST_FAILED,
    detail: `${failed} of ${answers} requests failed${failed > 0 ? `: ${failuresOf(windows)}` : ''}`,
    arm,
    voids: 'run',
  }
}

function available(outcomes: OutcomeCounts): number {
  return entries(outcomes).reduce((sum, [outcome, count]) => (isAvailable(outcome) ? sum + count : sum), 0)
}

function failuresOf(windows: readonly LoadedWindow[]): string {
  const names = new Map<string, number>()
  for (const { load } of windows)
    for (const [outcome, count] of entries(load.outcomes))
      if (count > 0 && !isAvailable(outcome)) names.set(outcome, (names.get(outcome) ?? 0) + count)
  return [...names].map(([name, count]) => `${count} ${name}`).join(', ')
}

function entries(outcomes: OutcomeCounts): [keyof OutcomeCounts, number][] {
  return Object.entries(outcomes) as [keyof OutcomeCounts, number][]
}

function total(windows: readonly LoadedWindow[], of: (outcomes: OutcomeCounts) => number): number {
  return windows.reduce((sum, { load }) => sum + of(load.outcomes), 0)
}

/**
 * Load that shall be spread over several nodes was: each one's share lies within a quarter of an equal one.
 * @param windows those of one arm that went to all nodes; `nodeIds` all of them, the silent ones too.
 */
export function checkBalance(
  arm: CheckedWindow['arm'],
  windows: readonly LoadedWindow[],
  nodeIds: readonly string[],
): SelfCheck {
  const counts = nodeIds.map((id) => windows.reduce((sum, { load }) => sum + (load.byNode[id] ?? 0), 0))
  const all = counts.reduce((sum, count) => sum + count, 0)
  const equal = all / Math.max(1, nodeIds.length)
  const isEven = all > 0 && counts.every((count) => Math.abs(count - equal) <= MOST_IMBALANCE * equal)
  const shares = nodeIds.map(
    (id, index) => `${id} ${((100 * (counts[index] ?? 0)) / Math.max(1, all)).toFixed(1)} %`,
  )
  return { name: 'balance across nodes', ok: isEven, detail: shares.join(', '), arm, voids: 'run' }
}

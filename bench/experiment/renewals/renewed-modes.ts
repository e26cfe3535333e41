import { type ArmName, armName, type ModeName } from '#contract/modes.ts'
import type { Renewal, RenewalSetting } from '#contract/renewal.ts'

/** Every mode under every way of renewal. `redis-stock` rolls in any case: as `rolling` it would be measured twice. */
export function renewedModes(
  modes: readonly ModeName[],
  renewals: readonly Renewal[],
): { mode: ModeName; renewal: Renewal }[] {
  return modes.flatMap((mode) =>
    renewals.filter((renewal) => !rollsTwice(mode, renewal, renewals)).map((renewal) => ({ mode, renewal })),
  )
}

/** The names of those arms. */
export function renewedArms(modes: readonly ModeName[], renewals: readonly Renewal[]): ArmName[] {
  return renewedModes(modes, renewals).map(({ mode, renewal }) => armName(mode, renewal))
}

/**
 * What the nodes are told before an arm; nothing where the whole run knows one way only. Of pairs they are told in any
 * case: measuring what a refresh costs leaves them with another home of the tokens.
 */
export function renewalOf(renewal: Renewal, renewals: readonly Renewal[]): RenewalSetting | undefined {
  return renewals.length > 1 || renewal === 'pair' ? { renewal } : undefined
}

/** One sentence where an arm is missing for that reason. */
export function rollingAnyway(modes: readonly ModeName[], renewals: readonly Renewal[]): string[] {
  const isMissing = modes.some((mode) => renewals.some((renewal) => rollsTwice(mode, renewal, renewals)))
  return isMissing
    ? ['redis-stock rolling: left out, because @fastify/session renews on every request whatever is set']
    : []
}

function rollsTwice(mode: ModeName, renewal: Renewal, renewals: readonly Renewal[]): boolean {
  return mode === 'redis-stock' && renewal === 'rolling' && renewals.length > 1
}

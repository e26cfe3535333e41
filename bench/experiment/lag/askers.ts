import type { RunningCluster } from '#cluster/cluster.ts'
import type { LagKind } from '#contract/lag.ts'
import type { Mode } from '#contract/modes.ts'
import type { Credential } from '#contract/node-admin.ts'
import { type SeededLogin, seedEverywhere } from '../lab/seeding.ts'

/** By user, who asks for the end: the login itself, or another of the same user, on another node wherever that can be. */
export async function seedAskers(
  cluster: RunningCluster,
  mode: Mode,
  kind: LagKind,
  logins: readonly SeededLogin[],
  users: readonly string[],
  lifetimeS: number,
): Promise<ReadonlyMap<string, Credential>> {
  const isByAnother = kind === 'logout-all' || kind === 'password'
  const others = isByAnother
    ? await seedEverywhere(cluster, mode, [...users.slice(1), ...users.slice(0, 1)], lifetimeS)
    : logins
  return new Map(others.map(({ credential }) => [credential.userId, credential]))
}

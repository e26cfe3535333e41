import { EXIT, StillinError } from '#contract/errors.ts'
import { LAB } from '#contract/lab.ts'
import { BYSTANDERS } from './bystanders.ts'

/** What one storm is. */
export interface StormPlan {
  users: number
  /** Nobody is waited for longer. */
  limitMs: number
  /** Lookups of those who are in. */
  ratePerS: number
  /** Lookups go on for so long before the storm, for what is usual to be seen. */
  restMs: number
  seed: number
}

/** With the usual rate, enough lookups for a p99. */
export const REST_MS = 6_000
/** Lookups go on until those of the storm are settled. */
export const AFTER_MS = 20_000
/** A small storm goes ahead of a large one, and projects it. */
export const PILOT_USERS = 300
export const LOOKUPS_PER_S = 200

const LEAST_LIMIT_MS = 120_000
/** Three times what a login takes of one core: who is not in by then is counted. */
const LIMIT_MS_EACH = 45
/** At a cluster that somebody else started, whoever is in before the storm is in for the usual lifetime. */
export const REMOTE_LIMIT_MS = LAB.lifetimeS * 1000 - 30_000
/** Seeding and the lookups around it, beside the limit. */
export const LIFETIME_MARGIN_S = 60
/** A login's CPU: users, proxy and node together, on an idle machine. */
const LOGIN_S = 0.018
/** Seeding, losing the logins, lookups before and after. */
const AROUND_S = 12

/** Everybody of a storm, and those who look on, must exist. */
export function stormUsers(users: number): number {
  return users + BYSTANDERS
}

/** How long a storm of so many is watched unless told otherwise. */
export function stormLimitMs(users: number): number {
  return Math.max(LEAST_LIMIT_MS, users * LIMIT_MS_EACH)
}

/** Planned seconds of a storm of so many with its pilot, on so many cores: turning people away takes as much again. */
export function stormSeconds(users: number, cores: number): number {
  const alone = AROUND_S + (users * LOGIN_S * (users > PILOT_USERS ? 1.8 : 1)) / cores
  return hasPilot(users) ? alone + stormSeconds(PILOT_USERS, cores) : alone
}

export function hasPilot(users: number): boolean {
  return users >= 2 * PILOT_USERS
}

/** @throws StillinError (usage) where fewer people exist than a storm needs. */
export function demandStormUsers(exist: number, users: number, fix: string): void {
  const needed = stormUsers(users)
  if (exist >= needed) return
  throw new StillinError(`a storm of ${users} needs ${needed} users (--users), and there are ${exist}`, {
    exitCode: EXIT.usage,
    hint: fix,
  })
}

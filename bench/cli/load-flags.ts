import type { Command } from 'commander'
import {
  BENCH_SETTINGS,
  type BenchSettings,
  defaultRounds,
  THOROUGH_SETTINGS,
} from '#bench/experiment/costs/bench-settings.ts'
import type { LabOptions } from '#bench/experiment/lab/lab.ts'
import { PAYLOAD_MIN_BYTES } from '#bench/experiment/payload/payload.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { LAB } from '#contract/lab.ts'
import { DATA_MAX_BYTES } from '#contract/login-data.ts'
import type { Mix } from '#contract/mix.ts'
import type { ModeName } from '#contract/modes.ts'
import type { Renewal } from '#contract/renewal.ts'
import { milliseconds, mix, oneOf, wholeNumber } from './parse-options.ts'

/** Flags of every command that measures costs. */
export interface LoadFlags {
  via?: 'proxy' | 'nodes'
  connections?: number
  rate?: number
  rounds?: number
  windowMs?: number
  warmUpMs?: number
  thorough?: boolean
  sessions?: number
  payload?: number
  redisRtt?: number
  mix?: Mix
}

/** As many people as the directory of a lab holds. */
const USERS_MAX = 100_000

export function addLoadFlags(command: Command): Command {
  return command
    .option(
      '--via <entrance>',
      'the equal-rate load goes through the proxy, or to the nodes (proxy)',
      oneOf(['proxy', 'nodes']),
    )
    .option(
      '--connections <count>',
      `connections of the load generator (${LAB.connections})`,
      wholeNumber(2, 1000),
    )
    .option(
      '--rate <per second>',
      'the equal rate (0.3 of what the slowest mode can do)',
      wholeNumber(1, 100_000),
    )
    .option(
      '--mix <shares>',
      'what is sent at the equal rate, such as lookup=94,write=4,refresh=1,login=1 (lookups)',
      mix,
    )
    .option(
      '--redis-rtt <ms>',
      'Redis is farther away from every node by this much, in every arm (0)',
      milliseconds,
    )
    .option('--payload <bytes>', 'data that every login keeps (0)', wholeNumber(0, DATA_MAX_BYTES))
    .option(
      '--sessions <count>',
      'live sessions beside those of the load, up to 1,000,000 (0)',
      wholeNumber(0, 1_000_000),
    )
    .option(
      '--thorough',
      `${THOROUGH_SETTINGS.rounds} rounds of ${THOROUGH_SETTINGS.windowMs / 1000} s windows over ${THOROUGH_SETTINGS.stacks} starts of the whole stack`,
    )
    .option(
      '--rounds <count>',
      'rounds; fewer than 6 give no interval (8; 12 for more than six comparisons)',
      wholeNumber(1, 40),
    )
    .option('--window-ms <ms>', `length of a window (${BENCH_SETTINGS.windowMs})`, wholeNumber(100, 60_000))
    .option(
      '--warm-up-ms <ms>',
      `longest warm-up of a mode (${BENCH_SETTINGS.warmUpMaxMs})`,
      wholeNumber(100, 60_000),
    )
}

/**
 * What the flags ask for, and the lab with room for it.
 * @param modes what is compared: more of it takes more rounds.
 * @throws StillinError naming a flag that cannot be.
 */
export function resolveLoad(
  flags: LoadFlags,
  lab: LabOptions,
  seed: number,
  modes: readonly ModeName[] = lab.modes,
  renewals?: readonly Renewal[],
): { lab: LabOptions; costs: BenchSettings & { users: number } } {
  const { via = 'proxy', connections = LAB.connections, payload = 0, sessions = 0 } = flags
  if (payload > 0 && payload < PAYLOAD_MIN_BYTES)
    throw new StillinError(`--payload must be 0, or at least ${PAYLOAD_MIN_BYTES}, not ${payload}`, {
      exitCode: EXIT.usage,
    })
  const { windowMs, warmUpMs, rounds } = flags
  const costs = {
    ...(flags.thorough ? THOROUGH_SETTINGS : BENCH_SETTINGS),
    rounds: rounds ?? (flags.thorough ? THOROUGH_SETTINGS.rounds : defaultRounds(modes, renewals)),
    ...(windowMs === undefined ? {} : { windowMs }),
    ...(warmUpMs === undefined ? {} : { warmUpMaxMs: warmUpMs }),
    via,
    connections,
    ratePerS: flags.rate,
    users: usersOf(connections),
    seed,
    payloadBytes: payload,
    sessions,
    mix: flags.mix,
    renewals,
  }
  const hasRoom = sessions > 0 || payload > 0
  return {
    costs,
    lab: {
      ...lab,
      users: Math.max(lab.users, peopleFor(sessions, costs.users)),
      ...(flags.redisRtt === undefined ? {} : { redisRttMs: flags.redisRtt }),
      ...(hasRoom ? { live: { sessions, payloadBytes: payload } } : {}),
    },
  }
}

/** How many people log in for the load of so many connections. */
export function usersOf(connections: number): number {
  return connections * 8
}

/**
 * Sessions are shared out among people: a thousand of them would hold a thousand sessions each. Those of the load hold
 * none beside their own.
 */
export function peopleFor(sessions: number, users: number): number {
  return sessions === 0 ? 0 : Math.min(sessions + users, USERS_MAX)
}

/** What of it must be named to run it again. */
export function loadWords(flags: LoadFlags): Record<string, string | number | true | undefined> {
  const { via, connections, rate, rounds, windowMs, warmUpMs, thorough, sessions, payload } = flags
  return {
    via: via === 'proxy' ? undefined : via,
    connections: connections === LAB.connections ? undefined : connections,
    rate,
    mix:
      flags.mix &&
      Object.entries(flags.mix)
        .map(([name, weight]) => `${name}=${weight}`)
        .join(),
    payload,
    'redis-rtt': flags.redisRtt,
    sessions,
    thorough: thorough ? true : undefined,
    rounds,
    'window-ms': windowMs,
    'warm-up-ms': warmUpMs,
  }
}

import { LAB } from './lab.ts'
import type { CredentialState, Expectation, Operation } from './operations.ts'
import type { Renewal } from './renewal.ts'

/** Modes that exist: each has a passing conformance run (test/e2e/conformance). */
export const MODE_NAMES = [
  'local',
  'sticky',
  'redis',
  'cookie',
  'jwt',
  'jwt-denylist',
  'redis-cached',
  'replicated',
  'redis-stock',
  'jwt-pushed',
  'jwt-hybrid',
] as const
export type ModeName = (typeof MODE_NAMES)[number]

/** A mode whose logins are renewed in another way than `fixed`. */
export type RenewedArmName = `${ModeName} ${Exclude<Renewal, 'fixed'>}`

/** An arm of a benchmark: a mode, or the same route without any check, from which every cost is counted. */
export type ArmName = ModeName | RenewedArmName | 'baseline'

/** The arm of a mode under a way of renewal. */
export function armName(mode: ModeName, renewal: Renewal): ModeName | RenewedArmName {
  return renewal === 'fixed' ? mode : `${mode} ${renewal}`
}

export type Guarantee =
  | 'always'
  | 'while-node-lives'
  | 'while-store-lives'
  | 'after-replication'
  | 'within-bound'
  | 'at-expiry'
  | 'by-chance'
  | 'never'

/** How a check is made: by an algorithm, by asking somebody, or against data that was pushed out ahead. */
export type Verification = 'offline' | 'online' | 'distributed'
export type CredentialKind = 'session-id-cookie' | 'signed-data-cookie' | 'access-token'
export type BalancerName = 'round-robin' | 'affinity-cookie'
export type Need = 'redis'
/** What can be broken on purpose; each has a file in bench/chaos/faults. */
export const FAULT_NAMES = [
  'kill-node',
  'pause-node',
  'pause-node-long',
  'rolling-restart',
  'drain-node',
  'add-node',
  'kill-proxy',
  'kill-redis',
  'pause-redis',
  'silent-redis',
  'slow-redis',
  'cut-redis-from-one-node',
  'full-redis',
  'evicting-redis',
  'full-memory',
  'partition-peers',
  'skew-clock',
  'rotate-key',
  'leaked-key',
  'switch-mode',
] as const
export type FaultName = (typeof FAULT_NAMES)[number]

/** These have a meaning in every mode. */
const FAULTS_ANYWHERE: readonly FaultName[] = [
  'kill-node',
  'pause-node',
  'pause-node-long',
  'rolling-restart',
  'drain-node',
  'add-node',
  'kill-proxy',
  'skew-clock',
  'switch-mode',
]
const FAULTS_OF_REDIS: readonly FaultName[] = [
  'kill-redis',
  'pause-redis',
  'silent-redis',
  'slow-redis',
  'cut-redis-from-one-node',
  'full-redis',
  'evicting-redis',
]
const FAULTS_OF_TOKENS: readonly FaultName[] = ['rotate-key', 'leaked-key']

type ExpectedAnswers = Readonly<Record<Operation, Readonly<Record<CredentialState, Expectation>>>>

/** One row of the table that conformance tests, checkers, proxy, report and documentation read. */
export interface Mode {
  readonly name: ModeName
  /** One sentence for people: how the login is remembered. */
  readonly summary: string
  readonly credential: CredentialKind
  readonly verification: Verification
  /** Where a session lives. */
  readonly store: 'node-memory' | 'every-node' | 'redis' | 'client'
  readonly balancer: BalancerName
  /** Where a user's epoch (what "log out everywhere" moves) is kept; `none`: nobody asks for one. */
  readonly epochHome: 'node-memory' | 'every-node' | 'redis' | 'none'
  readonly renewal: 'fixed'
  /** Lifetime of the credential in seconds by default. */
  readonly accessS: number
  /** A login outlives the death of the node that made it. */
  readonly survives: Guarantee
  /** When a revocation of one credential, of all of a user's, or of everybody's takes hold. */
  readonly revokes: Readonly<Record<'one' | 'user' | 'all', Guarantee>>
  /** How stale an answer may be after an acknowledged revocation, in ms; 0: at once; undefined: no bound but expiry or chance. */
  readonly boundMs: number | undefined
  readonly needs: readonly Need[]
  /** Faults that have a meaning in this mode. */
  readonly faults: readonly FaultName[]
  readonly expected: ExpectedAnswers
}

const LIFETIME_S = LAB.lifetimeS

const ALWAYS_REFUSED = { expired: 'refuse', forged: 'refuse', absent: 'refuse' } as const
const NO_CREDENTIAL_NEEDED: Readonly<Record<CredentialState, Expectation>> = {
  live: 'accept',
  'logged-out': 'accept',
  expired: 'accept',
  forged: 'accept',
  absent: 'accept',
  'holder-lost': 'accept',
}
const NOT_OFFERED: Readonly<Record<CredentialState, Expectation>> = {
  live: 'none',
  'logged-out': 'none',
  expired: 'none',
  forged: 'none',
  absent: 'none',
  'holder-lost': 'none',
}

/** Answers of a mode whose lookups, writes and logouts are all decided by the same check. */
function answers(live: Expectation, loggedOut: Expectation, holderLost: Expectation): ExpectedAnswers {
  const checked = { live, 'logged-out': loggedOut, 'holder-lost': holderLost, ...ALWAYS_REFUSED }
  return {
    login: NO_CREDENTIAL_NEEDED,
    lookup: checked,
    write: checked,
    refresh: NOT_OFFERED,
    transfer: checked,
    logout: checked,
  }
}

/** The same for a login that never expires while it is used. */
function withoutEnd(expected: ExpectedAnswers): ExpectedAnswers {
  const lookup = { ...expected.lookup, expired: 'accept' } as const
  return { ...expected, lookup, write: lookup, transfer: lookup, logout: lookup }
}

const TABLE: readonly Mode[] = [
  {
    name: 'local',
    summary: 'a session id in a signed cookie; the session in the memory of the node that made it',
    credential: 'session-id-cookie',
    verification: 'online',
    store: 'node-memory',
    balancer: 'round-robin',
    epochHome: 'node-memory',
    renewal: 'fixed',
    accessS: LIFETIME_S,
    survives: 'never',
    revokes: { one: 'by-chance', user: 'by-chance', all: 'by-chance' },
    boundMs: undefined,
    needs: [],
    faults: [...FAULTS_ANYWHERE, 'full-memory'],
    expected: answers('by-chance', 'by-chance', 'refuse'),
  },
  {
    name: 'sticky',
    summary: 'the session in the memory of one node, to which an affinity cookie leads its user back',
    credential: 'session-id-cookie',
    verification: 'online',
    store: 'node-memory',
    balancer: 'affinity-cookie',
    epochHome: 'node-memory',
    renewal: 'fixed',
    accessS: LIFETIME_S,
    survives: 'never',
    revokes: { one: 'while-node-lives', user: 'by-chance', all: 'by-chance' },
    boundMs: 0,
    needs: [],
    faults: [...FAULTS_ANYWHERE, 'full-memory'],
    expected: answers('accept', 'refuse', 'refuse'),
  },
  {
    name: 'redis',
    summary: 'a session id in a signed cookie; the session in Redis, asked on every request',
    credential: 'session-id-cookie',
    verification: 'online',
    store: 'redis',
    balancer: 'round-robin',
    epochHome: 'redis',
    renewal: 'fixed',
    accessS: LIFETIME_S,
    survives: 'while-store-lives',
    revokes: { one: 'always', user: 'always', all: 'always' },
    boundMs: 0,
    needs: ['redis'],
    faults: [...FAULTS_ANYWHERE, ...FAULTS_OF_REDIS],
    expected: answers('accept', 'refuse', 'accept'),
  },
  {
    name: 'cookie',
    summary: 'the login itself in a signed cookie; nobody is asked',
    credential: 'signed-data-cookie',
    verification: 'offline',
    store: 'client',
    balancer: 'round-robin',
    epochHome: 'none',
    renewal: 'fixed',
    accessS: LIFETIME_S,
    survives: 'always',
    revokes: { one: 'at-expiry', user: 'at-expiry', all: 'at-expiry' },
    boundMs: undefined,
    needs: [],
    faults: FAULTS_ANYWHERE,
    expected: answers('accept', 'accept', 'accept'),
  },
  {
    name: 'jwt',
    summary: 'a signed access token in the Authorization header; nobody is asked',
    credential: 'access-token',
    verification: 'offline',
    store: 'client',
    balancer: 'round-robin',
    epochHome: 'none',
    renewal: 'fixed',
    accessS: LIFETIME_S,
    survives: 'always',
    revokes: { one: 'at-expiry', user: 'at-expiry', all: 'at-expiry' },
    boundMs: undefined,
    needs: [],
    faults: [...FAULTS_ANYWHERE, ...FAULTS_OF_TOKENS],
    expected: answers('accept', 'accept', 'accept'),
  },
  {
    name: 'jwt-denylist',
    summary: 'a signed access token, and a list of revocations in Redis that is asked on every request',
    credential: 'access-token',
    verification: 'online',
    store: 'client',
    balancer: 'round-robin',
    epochHome: 'redis',
    renewal: 'fixed',
    accessS: LIFETIME_S,
    survives: 'while-store-lives',
    revokes: { one: 'always', user: 'always', all: 'always' },
    boundMs: 0,
    needs: ['redis'],
    faults: [...FAULTS_ANYWHERE, ...FAULTS_OF_REDIS, ...FAULTS_OF_TOKENS],
    expected: answers('accept', 'refuse', 'accept'),
  },
  {
    name: 'redis-cached',
    summary: 'as redis, read from each node’s memory, which Redis keeps coherent by telling what changed',
    credential: 'session-id-cookie',
    verification: 'distributed',
    store: 'redis',
    balancer: 'round-robin',
    epochHome: 'redis',
    renewal: 'fixed',
    accessS: LIFETIME_S,
    survives: 'while-store-lives',
    revokes: { one: 'within-bound', user: 'within-bound', all: 'within-bound' },
    boundMs: 1000,
    needs: ['redis'],
    faults: [...FAULTS_ANYWHERE, ...FAULTS_OF_REDIS],
    expected: answers('accept', 'refuse', 'accept'),
  },
  {
    name: 'jwt-pushed',
    summary:
      'a signed access token, and what was revoked pushed ahead into each node’s memory; nobody is asked',
    credential: 'access-token',
    verification: 'distributed',
    store: 'client',
    balancer: 'round-robin',
    epochHome: 'redis',
    renewal: 'fixed',
    accessS: LIFETIME_S,
    survives: 'while-store-lives',
    revokes: { one: 'within-bound', user: 'within-bound', all: 'within-bound' },
    boundMs: 1000,
    needs: ['redis'],
    faults: [...FAULTS_ANYWHERE, ...FAULTS_OF_REDIS, ...FAULTS_OF_TOKENS],
    expected: answers('accept', 'refuse', 'accept'),
  },
  {
    name: 'replicated',
    summary:
      'a session id in a signed cookie; the session in the memory of every node, told from each to all',
    credential: 'session-id-cookie',
    verification: 'distributed',
    store: 'every-node',
    balancer: 'round-robin',
    epochHome: 'every-node',
    renewal: 'fixed',
    accessS: LIFETIME_S,
    // The login is acknowledged when every node that can be reached has it.
    survives: 'after-replication',
    revokes: { one: 'after-replication', user: 'after-replication', all: 'after-replication' },
    // Between nodes that reach each other; a node cut off from the others knows nothing of it.
    boundMs: 1000,
    needs: [],
    faults: [...FAULTS_ANYWHERE, 'full-memory', 'partition-peers'],
    expected: answers('accept', 'refuse', 'accept'),
  },
  {
    name: 'jwt-hybrid',
    summary: 'a signed access token for reading; a session in Redis, and the password, for what matters',
    credential: 'access-token',
    verification: 'offline',
    store: 'redis',
    balancer: 'round-robin',
    epochHome: 'redis',
    renewal: 'fixed',
    accessS: LIFETIME_S,
    survives: 'always',
    // Of a lookup; a transfer is refused at once.
    revokes: { one: 'at-expiry', user: 'at-expiry', all: 'at-expiry' },
    boundMs: undefined,
    needs: ['redis'],
    faults: [...FAULTS_ANYWHERE, ...FAULTS_OF_REDIS, ...FAULTS_OF_TOKENS],
    expected: {
      ...answers('accept', 'accept', 'accept'),
      transfer: answers('accept', 'refuse', 'accept').transfer,
    },
  },
  {
    name: 'redis-stock',
    summary:
      '@fastify/session with its own defaults over a plain Redis store, for comparison: a logout can be undone',
    credential: 'session-id-cookie',
    verification: 'online',
    store: 'redis',
    balancer: 'round-robin',
    epochHome: 'none',
    renewal: 'fixed',
    accessS: LIFETIME_S,
    survives: 'while-store-lives',
    // A lookup under way when the user logs out saves the session again.
    revokes: { one: 'by-chance', user: 'never', all: 'never' },
    boundMs: undefined,
    needs: ['redis'],
    faults: [...FAULTS_ANYWHERE, ...FAULTS_OF_REDIS],
    expected: withoutEnd(answers('accept', 'by-chance', 'accept')),
  },
]

/** Every mode by name. */
export const MODES: Readonly<Record<ModeName, Mode>> = Object.freeze(
  Object.fromEntries(TABLE.map((mode) => [mode.name, mode])) as Record<ModeName, Mode>,
)

/** The modes compared when nobody names any. */
export const DEFAULT_MODES: readonly ModeName[] = [
  'local',
  'sticky',
  'redis',
  'cookie',
  'jwt',
  'jwt-denylist',
]

export function isModeName(value: string): value is ModeName {
  return (MODE_NAMES as readonly string[]).includes(value)
}

/** Does a client of this mode hold cookies (and so need the CSRF header on a state change)? */
export function usesCookies(mode: Mode): boolean {
  return mode.credential !== 'access-token'
}

/**
 * What a lookup with a live login of one mode gets after a switch to another. A credential is good in the mode that made
 * it and in no other (401 `wrong-mode`), and good again when that mode comes back within its lifetime.
 */
export function afterSwitch(from: ModeName, to: ModeName): Expectation {
  return from === to ? MODES[to].expected.lookup.live : 'refuse'
}

/** The value of `x-revocation`: when a logout, acknowledged now, takes hold in this mode. The lifetime and the bound may be set otherwise. */
export function formatRevocation(
  mode: Mode,
  accessS: number = mode.accessS,
  boundMs: number | undefined = mode.boundMs,
): string {
  switch (mode.revokes.one) {
    case 'always':
    case 'while-node-lives':
    case 'while-store-lives':
      return 'at-once'
    case 'within-bound':
    case 'after-replication':
      return `within;ms=${boundMs ?? 0}`
    case 'at-expiry':
    case 'never':
      return `at-expiry;s=${accessS}`
    case 'by-chance':
      return 'by-chance'
  }
}

/** The seconds of `at-expiry;s=300`; undefined where something else was said. */
export function expiryOf(revocation: string | undefined): number | undefined {
  const seconds = /^at-expiry;s=(\d{1,9})$/.exec(revocation ?? '')?.[1]
  return seconds === undefined ? undefined : Number(seconds)
}

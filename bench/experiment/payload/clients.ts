import { withClaims } from '#bench/workload/payload-look.ts'
import type { Credential } from '#contract/node-admin.ts'
import type { PayloadClientName } from '#contract/payload.ts'

const HOUR_MS = 3_600_000

/** How one client deals with what its token says. */
export interface PayloadClient {
  readonly name: PayloadClientName
  /** Does it look at the token's end before it sends? */
  readonly looks: boolean
  /** How far its clock is off. */
  readonly clockOffsetMs: number
  /** What it makes of its credential. */
  readonly alter: (credential: Credential, nowMs: number) => Credential
}

const asIssued = (credential: Credential) => credential
const looking = { looks: true, clockOffsetMs: 0, alter: asIssued } as const

/** Each client tries once with a good credential and once with one that is over; the last has logged out before. */
export const PAYLOAD_CLIENT_LIST: readonly PayloadClient[] = [
  { ...looking, name: 'blind', looks: false },
  { ...looking, name: 'looks' },
  {
    ...looking,
    name: 'later-end',
    alter: (credential, nowMs) => withClaims(credential, { exp: Math.floor((nowMs + HOUR_MS) / 1000) }),
  },
  {
    ...looking,
    name: 'as-admin',
    looks: false,
    alter: (credential) => withClaims(credential, { role: 'admin' }),
  },
  { ...looking, name: 'slow-clock', clockOffsetMs: -HOUR_MS },
  { ...looking, name: 'fast-clock', clockOffsetMs: HOUR_MS },
  { ...looking, name: 'logged-out' },
]

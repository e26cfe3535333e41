import type { ModeName } from './modes.ts'
import type { RefusalReason } from './reasons.ts'

/** How a client deals with what its token says; see bench/experiment/payload/clients.ts. */
export const PAYLOAD_CLIENTS = [
  'blind',
  'looks',
  'later-end',
  'as-admin',
  'slow-clock',
  'fast-clock',
  'logged-out',
] as const
export type PayloadClientName = (typeof PAYLOAD_CLIENTS)[number]

/** What became of the requests that a client wanted to send with one credential. */
export interface PayloadPhase {
  wanted: number
  /** Not sent, because the client's own look said that the credential is over. */
  keptBack: number
  /** As the nodes counted them. */
  reached: number
  accepted: number
  /** By the server's reason. */
  refused: Partial<Record<RefusalReason | 'other', number>>
}

export interface PayloadRow {
  client: PayloadClientName
  /** With a credential whose lifetime runs. */
  good: PayloadPhase
  /** With one whose lifetime is over; absent for the client that has logged out. */
  over?: PayloadPhase
}

/** One mode's clients, as observed. */
export interface PayloadDemo {
  mode: ModeName
  summary: string
  /** Could the client read when its credential ends? */
  readable: boolean
  rows: readonly PayloadRow[]
  sentence: string
}

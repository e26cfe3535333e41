import type { PartState } from './control.ts'
import type { LinkRequest, LinkState } from './links.ts'
import type { ModeName } from './modes.ts'
import type { RenewalSetting } from './renewal.ts'

/** A child tells its supervisor over IPC that its listeners answer. It leaves when the IPC channel closes. */
export interface ReadyMessage {
  type: 'ready'
  pid: number
  url?: string
  adminUrl?: string
}

/** A child that cannot start says why in one line, then exits non-zero. */
export interface FailedMessage {
  type: 'failed'
  message: string
  hint?: string
}

/** supervisor → control: every part and every relayed link, whenever one changes. */
export interface PartsMessage {
  type: 'parts'
  parts: readonly PartState[]
  /** Absent: links run without relays. */
  links?: readonly LinkState[]
}

export type PartAction = 'kill' | 'start' | 'pause' | 'resume'

/** control → supervisor: do it; answered by `ActedMessage` with the same `requestId`. */
export type ActMessage =
  | { type: 'act'; requestId: number; action: PartAction; partId: string }
  | { type: 'act'; requestId: number; action: 'link'; from: string; to: string; request: LinkRequest }
  /** A further node; `ActedMessage.partId` names it. */
  | { type: 'act'; requestId: number; action: 'add' }
  | { type: 'act'; requestId: number; action: 'remove'; partId: string }
  | { type: 'act'; requestId: number; action: 'shutdown' }
export interface ActedMessage {
  type: 'acted'
  requestId: number
  /** Absent: done. */
  error?: { status: 400 | 404 | 409 | 500; message: string }
  /** The node that was added. */
  partId?: string
}

/** control → supervisor: a node started from now on renews logins in this way. */
export interface RenewalMessage {
  type: 'renewal'
  setting: RenewalSetting
}

/** control → supervisor: a part started from now on starts in this mode. */
export interface ModeMessage {
  type: 'mode'
  mode: ModeName
  generation: number
}

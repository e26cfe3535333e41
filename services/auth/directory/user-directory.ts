import type { Role } from '#contract/node-admin.ts'
import type { User } from '../credentials/credential-strategy.ts'
import type { MaybeLater } from '../maybe-later.ts'

/** A user as the directory keeps it. */
export interface DirectoryEntry extends User {
  readonly passwordHash: string
  readonly banned: boolean
  /** Counts the changes of password, role and ban. */
  readonly version: number
}

/**
 * Who exists, and their passwords: asked at login and at changes of an account only. What is in this process throws where
 * it is broken; one elsewhere answers AnswerError `directoryUnavailable` (503) while it is away.
 */
export interface UserDirectory {
  find(id: string): MaybeLater<DirectoryEntry | undefined>
  /** In the order asked; undefined for whom nobody knows. */
  findAll(ids: readonly string[]): MaybeLater<readonly (DirectoryEntry | undefined)[]>
  /** False when the account has changed since that version: nothing is overwritten. */
  setPassword(id: string, passwordHash: string, version: number): MaybeLater<boolean>
  /** Repeating it changes nothing, so that every node of a cluster can be told. */
  setBanned(id: string, banned: boolean): MaybeLater<void>
  /** Repeating it changes nothing. */
  setRole(id: string, role: Role): MaybeLater<void>
  close(): MaybeLater<void>
}

import type { AnswerTally } from '../answer-tally.ts'
import type { Burden } from '../burden.ts'
import type { Clock } from '../clock.ts'
import type { NodeConfig } from '../config.ts'
import type { SessionCookie } from '../credentials/session-cookie.ts'
import type { LoginCheck } from '../directory/login-check.ts'
import type { UserDirectory } from '../directory/user-directory.ts'
import type { Gates } from '../gates.ts'
import type { LiveKeyRing } from '../live-key-ring.ts'
import type { ModeSwitch } from '../mode-switch.ts'
import type { Inbox } from '../one-time/inbox.ts'
import type { MemoryStore } from '../sessions/memory-store.ts'
import type { ReplicationHost } from '../sessions/replication/replication-host.ts'

/** What the private routes are made of. */
export interface AdminParts {
  readonly config: NodeConfig
  readonly clock: Clock
  readonly keys: LiveKeyRing
  readonly modes: ModeSwitch
  readonly tally: AnswerTally
  readonly memory: MemoryStore
  readonly replication: ReplicationHost
  readonly logins: LoginCheck
  readonly directory: UserDirectory
  readonly inbox: Inbox
  readonly cookie: SessionCookie
  readonly storeCommands: () => number
  /** Only under NODE_ENV=test. */
  readonly gates: Gates | undefined
  /** Only under NODE_ENV=test. */
  readonly burden: Burden | undefined
}

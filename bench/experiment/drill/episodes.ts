import { changePasswordEverywhere, demote, expel, leave, leaveEverywhere } from './episodes/endings.ts'
import { crowdIn, openLink } from './episodes/limits.ts'
import { keepData, stealRefresh, twoTabs } from './episodes/uses.ts'
import type { Person } from './person.ts'

/** Something that happens to one user: a race, and then every old credential put to every node. */
export type Episode = (person: Person) => Promise<void>

/** What a drill draws from; the dear ones (a password's hash each) stand once, the others more often. */
export const EPISODES: readonly Episode[] = [
  leave,
  leave,
  leave,
  leaveEverywhere,
  leaveEverywhere,
  leaveEverywhere,
  changePasswordEverywhere,
  expel,
  demote,
  twoTabs,
  twoTabs,
  stealRefresh,
  openLink,
  openLink,
  openLink,
  crowdIn,
  crowdIn,
  keepData,
]

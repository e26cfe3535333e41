import type { Session } from './session-store.ts'

/** What an entry weighs beside its texts: two objects, a map slot, the hash it is found by, a place in the index. */
const ENTRY_OVERHEAD_BYTES = 400

/** An estimate, in bytes of memory. Texts count two bytes a character. */
export function sessionBytes(session: Session): number {
  const data = session.data === undefined ? 0 : JSON.stringify(session.data).length
  const { userId, role, id, family = '' } = session
  return ENTRY_OVERHEAD_BYTES + 2 * (userId.length + role.length + id.length + family.length + data)
}

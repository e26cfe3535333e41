import type { NodeHandle } from './cluster.ts'
import type { ManagedPart } from './managed-part.ts'

/** A node as it is now. */
export function nodeHandle(part: ManagedPart): NodeHandle {
  const { id, url = '', adminUrl = '', pid, condition } = part.state()
  return { id, url, adminUrl, pid, condition }
}

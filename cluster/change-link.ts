import type { LinkRequest } from '#contract/links.ts'
import type { Links } from './links.ts'
import type { ActRefusal } from './managed-part.ts'

const NO_LINKS: ActRefusal = {
  status: 409,
  message: 'this cluster was started without relays (stillin up --no-links), so its links cannot be changed',
}

/** Undefined: the condition holds. */
export async function changeLink(
  links: Links | undefined,
  from: string,
  to: string,
  request: LinkRequest,
): Promise<ActRefusal | undefined> {
  return links === undefined ? NO_LINKS : links.set(from, to, request)
}

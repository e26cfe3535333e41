import type { FastifyRequest } from 'fastify'
import type { ModeParts } from './mode-parts.ts'

/**
 * Ends a user's logins of the other modes that this node holds: they would come back to life with their mode. Begun beside
 * the revocation of the mode that answers, so that it is tried whether or not that one succeeds; it never rejects. The
 * answer speaks of its own mode alone, since no request can present a login of another one until the cluster is switched,
 * and by then what was owed is done.
 */
export async function endElsewhere(
  request: FastifyRequest,
  { revokeElsewhere }: ModeParts,
  userId: string,
): Promise<void> {
  if ((await revokeElsewhere(userId)) === 'owed')
    request.log.warn(
      { userId },
      'a mode that is not in use did not answer; these logins end when it is used again',
    )
}

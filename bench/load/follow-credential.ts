import type { RequestTemplate } from '#contract/target.ts'
import { createClient } from '../workload/client.ts'
import type { LoadClient, LoadPlan } from './plan.ts'

/** One connection whose every request presents what the last success handed out. */
export interface FollowedCredential {
  first(): RequestTemplate | undefined
  /** The next request; undefined where nothing changed. */
  next(setCookies: readonly string[], body: Buffer): RequestTemplate | undefined
}

export function followCredential(
  { target, operation }: NonNullable<LoadPlan['follow']>,
  user: LoadClient,
): FollowedCredential {
  const client = createClient(target, user.userId, '')
  client.adopt(user)
  return {
    first: () => client.request(operation),
    next(setCookies, body) {
      return client.absorb(setCookies, parse(body)) ? client.request(operation) : undefined
    },
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

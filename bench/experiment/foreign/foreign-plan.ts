import type { LoadPlan } from '#bench/load/plan.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { ForeignService } from '#contract/foreign.ts'
import type { Credential } from '#contract/node-admin.ts'

const TIMEOUT_MS = 2_000

/** Lookups of these people through the entrance, in an open loop. @throws StillinError (usage) over TLS, which the generator does not speak. */
export function foreignPlan(
  { name, target }: ForeignService,
  credentials: readonly Credential[],
  { ratePerS, connections }: { readonly ratePerS: number; readonly connections: number },
  seed: number,
): LoadPlan {
  if (!target.url.startsWith('http://'))
    throw new StillinError(`${name}: load goes over plain http only, not to ${target.url}`, {
      exitCode: EXIT.usage,
      hint: 'Name an /entrance behind the one that ends TLS; demo and lag take either.',
    })
  return {
    kind: 'open',
    urls: [target.url],
    request: target.requests.lookup,
    clients: credentials.map(({ userId, headers }) => ({ userId, headers, expectation: 'accept' })),
    userMember: target.userMember,
    ...(target.statuses && { statuses: target.statuses }),
    connections,
    leadMs: 200,
    windowMs: 1_000,
    tailMs: 0,
    ratePerS,
    arrivals: 'poisson',
    seed,
    timeoutMs: TIMEOUT_MS,
    keepSamples: false,
    followCookies: false,
  }
}

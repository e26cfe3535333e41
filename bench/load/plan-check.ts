import { EXIT, StillinError } from '#contract/errors.ts'
import type { LoadPlan } from './plan.ts'

/** @throws StillinError that names the first thing wrong with a plan. */
export function checkPlan(plan: LoadPlan): void {
  const wrong = problemOf(plan)
  if (wrong !== undefined) throw new StillinError(`load plan: ${wrong}`, { exitCode: EXIT.usage })
}

function problemOf(plan: LoadPlan): string | undefined {
  if (plan.clients.length === 0) return 'needs at least one client'
  if (plan.urls.length === 0) return 'needs at least one address'
  for (const url of plan.urls) {
    if (URL.parse(url)?.protocol !== 'http:') return `plain http addresses only, not ${url}`
  }
  if (!Number.isInteger(plan.connections) || plan.connections < 1 || plan.connections > 60_000)
    return `1 to 60,000 connections, not ${plan.connections}`
  if (!(plan.windowMs > 0)) return `the window must last some time, not ${plan.windowMs} ms`
  if (!(plan.leadMs >= 0) || !(plan.tailMs >= 0)) return 'lead and tail are 0 ms or more'
  if (!(plan.timeoutMs > 0)) return `the time-out must be above 0 ms, not ${plan.timeoutMs}`
  if (plan.kind === 'open' && !(plan.ratePerS > 0)) return `an open loop needs a rate, not ${plan.ratePerS}/s`
  if (plan.mixed && plan.kind !== 'open') return 'only an open loop can mix requests'
  if (plan.mixed?.some(({ weight }) => !(weight > 0)) || plan.mixed?.length === 0)
    return 'every request of a mix needs a weight above 0'
  if (plan.statuses && plan.kind !== 'open') return 'only an open loop reads foreign statuses'
  if (plan.follow && plan.kind === 'open') return 'an open loop takes credentials up, and follows none'
  if (plan.takeUp && plan.kind !== 'open') return 'only an open loop takes credentials up'
  if (plan.takeUp && plan.followCookies) return 'what is taken up includes cookies: no need to follow them'
  if (plan.mixed?.some(({ isAlone }) => isAlone) && !plan.takeUp)
    return 'a request that replaces a credential wants it taken up'
  if (plan.follow && plan.clients.length < plan.connections)
    return 'what each connection follows must be its own: as many clients as connections'
  return undefined
}

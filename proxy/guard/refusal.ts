import type { ErrorBody } from '#contract/reasons.ts'

export interface Refusal {
  readonly status: number
  readonly error: string
  /** The request was in order and the fault is behind the proxy: the client may go on with this connection. */
  readonly keepsConnection?: true
}

/**
 * Every answer that the proxy gives itself, declared once. `error` is stable and goes to the client; it says nothing
 * about upstreams.
 */
export const REFUSALS = {
  badRequest: { status: 400, error: 'bad_request' },
  hostInvalid: { status: 400, error: 'host_invalid' },
  targetInvalid: { status: 400, error: 'target_invalid' },
  framingInvalid: { status: 400, error: 'framing_invalid' },
  headerInvalid: { status: 400, error: 'header_invalid' },
  methodRefused: { status: 405, error: 'method_not_allowed' },
  requestTimeout: { status: 408, error: 'request_timeout' },
  bodyTooLarge: { status: 413, error: 'body_too_large' },
  expectationFailed: { status: 417, error: 'expectation_failed' },
  headTooLarge: { status: 431, error: 'header_too_large' },
  codingUnknown: { status: 501, error: 'transfer_coding_unknown' },
  upstreamFailed: { status: 502, error: 'upstream_failed', keepsConnection: true },
  overloaded: { status: 503, error: 'proxy_overloaded' },
  noUpstream: { status: 503, error: 'no_upstream', keepsConnection: true },
  upstreamTimeout: { status: 504, error: 'upstream_timeout', keepsConnection: true },
  versionRefused: { status: 505, error: 'http_version_not_supported' },
} as const satisfies Record<string, Refusal>

/** The body of a refusal. */
export function refusalBody(refusal: Refusal): string {
  return JSON.stringify({ error: refusal.error } satisfies ErrorBody)
}

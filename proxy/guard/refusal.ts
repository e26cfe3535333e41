import type { ErrorBody } from '#contract/reasons.ts'

export interface Refusal {
  readonly status: number
  readonly error: string
  /** For a human; ASCII. */
  readonly message: string
  /** The request was in order and the fault is behind the proxy: the client may go on with this connection. */
  readonly keepsConnection?: true
}

/**
 * Every answer that the proxy gives itself, declared once. `error` is stable and goes to the client; it says nothing
 * about upstreams.
 */
export const REFUSALS = {
  badRequest: { status: 400, error: 'bad_request', message: 'The request is not valid HTTP.' },
  hostInvalid: {
    status: 400,
    error: 'host_invalid',
    message: 'The host header is missing, given twice, or names no host.',
  },
  targetInvalid: {
    status: 400,
    error: 'target_invalid',
    message: 'The address is not of the form that is forwarded.',
  },
  framingInvalid: {
    status: 400,
    error: 'framing_invalid',
    message: 'Where the body ends is not told, or told in two ways.',
  },
  headerInvalid: {
    status: 400,
    error: 'header_invalid',
    message: 'A header is not of the form that is forwarded.',
  },
  methodRefused: {
    status: 405,
    error: 'method_not_allowed',
    message: 'CONNECT and TRACE are not forwarded.',
  },
  requestTimeout: {
    status: 408,
    error: 'request_timeout',
    message: 'The request did not come to an end in time.',
  },
  bodyTooLarge: {
    status: 413,
    error: 'body_too_large',
    message: 'The body is larger than this proxy forwards.',
  },
  expectationFailed: {
    status: 417,
    error: 'expectation_failed',
    message: 'No other expectation than 100-continue is met.',
  },
  headTooLarge: {
    status: 431,
    error: 'header_too_large',
    message: 'Address and headers are larger than this proxy forwards.',
  },
  codingUnknown: {
    status: 501,
    error: 'transfer_coding_unknown',
    message: 'No other transfer coding than chunked is known.',
  },
  upstreamFailed: {
    status: 502,
    error: 'upstream_failed',
    message: 'Whoever was to answer failed.',
    keepsConnection: true,
  },
  overloaded: {
    status: 503,
    error: 'proxy_overloaded',
    message: 'This proxy has as much to do as it takes on; try again later.',
  },
  noUpstream: {
    status: 503,
    error: 'no_upstream',
    message: 'Nobody is there to answer; try again later.',
    keepsConnection: true,
  },
  upstreamTimeout: {
    status: 504,
    error: 'upstream_timeout',
    message: 'Whoever was to answer took too long.',
    keepsConnection: true,
  },
  versionRefused: {
    status: 505,
    error: 'http_version_not_supported',
    message: 'Only HTTP/1.1 and HTTP/1.0 are spoken here.',
  },
} as const satisfies Record<string, Refusal>

/** The body of a refusal. */
export function refusalBody(refusal: Refusal): string {
  return JSON.stringify({ error: refusal.error, message: refusal.message } satisfies ErrorBody)
}

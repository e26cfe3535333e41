import type { Outcome } from '#contract/outcomes.ts'
import { followCredential } from '../follow-credential.ts'
import type { LoadClient, LoadPlan } from '../plan.ts'
import { createAnswerReader, readHeaders } from '../read-answer.ts'
import type { AnswerHead, AutocannonClient } from './autocannon-client.ts'

/** One answer of the closed loop. */
export interface ClosedAnswer {
  outcome: Outcome
  node: string
  isWrongMode: boolean
  serviceUs: number
  bytesUp: number
  bytesDown: number
  setCookies: number
}

/**
 * Gives an autocannon client its user and reads its answers. Latency is the fractional milliseconds of the
 * `response` event, from writing the request to the last byte: autocannon's own histogram keeps whole ones.
 */
export function watchClient(
  client: AutocannonClient,
  user: LoadClient,
  plan: LoadPlan,
  on: { sent(): void; answered(answer: ClosedAnswer): void },
): void {
  const reader = createAnswerReader(user, plan.userMember)
  let head: AnswerHead | undefined
  let body: Buffer = EMPTY

  const followed = plan.follow && followCredential(plan.follow, user)
  const first = followed?.first()
  if (first) client.setHeadersAndBody({ ...first.headers }, first.body)
  else client.setHeaders({ ...plan.request.headers, ...user.headers })
  client.on('request', () => {
    body = EMPTY
    head = undefined
    on.sent()
  })
  client.on('headers', (received: AnswerHead) => {
    head = received
  })
  client.on('body', (chunk: Buffer) => {
    body = body.length === 0 ? chunk : Buffer.concat([body, chunk])
  })
  client.on('response', (status: number, bytesDown: number, durationMs: number) => {
    const headers = readHeaders(head?.headers ?? [])
    const { outcome } = reader.read(status, headers, body)
    const next = outcome === 'ok' ? followed?.next(headers.setCookies, body) : undefined
    const bytesUp = client.getRequestBuffer().length
    if (next) client.setHeadersAndBody({ ...next.headers }, next.body)
    on.answered({
      outcome,
      node: headers.node,
      isWrongMode: plan.mode !== undefined && outcome === 'ok' && headers.mode.split('@', 1)[0] !== plan.mode,
      serviceUs: durationMs * 1000,
      bytesUp,
      bytesDown,
      setCookies: headers.setCookies.length,
    })
  })
}

const EMPTY: Buffer = Buffer.alloc(0)

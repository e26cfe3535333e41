import { StillinError } from '#contract/errors.ts'
import type { ErrorBody } from '#contract/reasons.ts'

const ANSWER_MS = 30_000

/**
 * One request with a bearer token to a part’s private listener or to control.
 * @param part what it is called in messages.
 * @throws StillinError with its own reason when the answer is no success.
 */
export async function askJson(
  part: string,
  url: string,
  token: string,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    signal: AbortSignal.timeout(ANSWER_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const answer: unknown = text === '' ? undefined : JSON.parse(text)
  if (response.ok) return answer
  const { error, message, reason } = answer as ErrorBody
  throw new StillinError(
    `${part} refused ${method} ${path}: ${[message ?? error, reason && `(${reason})`].filter(Boolean).join(' ')}`,
  )
}

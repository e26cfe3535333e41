import { sendOnce } from '#bench/load/send.ts'
import { StillinError } from '#contract/errors.ts'
import { type RequestTemplate, renderRequest } from '#contract/target.ts'

/** Beyond what a node itself waits for, see services/auth/admin/when-fresh.ts. */
const ADMIN_TIMEOUT_MS = 60_000

/**
 * One request to a private listener of the cluster.
 * @throws StillinError with the answer's own message when it is not a success, and the signal's reason.
 */
export async function askAdmin<Answer>(
  url: string,
  token: string,
  method: RequestTemplate['method'],
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Answer> {
  const headers: Record<string, string> = { authorization: `Bearer ${token}` }
  if (body !== undefined) headers['content-type'] = 'application/json'
  const template = { method, path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  const answer = await sendOnce(url, renderRequest(template, undefined), {
    timeoutMs: ADMIN_TIMEOUT_MS,
    ...(signal && { signal }),
  })
  if (answer.kind !== 'answer') throw new StillinError(`${method} ${url}${path}: ${answer.kind}`)
  if (answer.status >= 300) {
    throw new StillinError(
      `${method} ${url}${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`,
    )
  }
  return answer.body as Answer
}

import type { PartState } from '#contract/control.ts'
import type { StillIn } from '#contract/demo.ts'
import type { ErrorBody } from '#contract/reasons.ts'
import { ROUTES } from '#contract/routes.ts'

const ANSWER_MS = 900

/**
 * Puts a credential to one node directly, past the proxy. `unclear`: it did not decide (503) or did not answer.
 * @param isSupervised somebody here starts and ends the processes, and so knows that a stopped one is dead; elsewhere it
 *   is only known not to have answered in time.
 */
export async function askNode(
  node: PartState,
  headers: Readonly<Record<string, string>>,
  userId: string,
  isSupervised: boolean,
): Promise<{ answer: StillIn; detail: string }> {
  if (node.url === undefined || (isSupervised && node.condition === 'stopped'))
    return { answer: 'dead', detail: 'stopped' }
  try {
    const response = await fetch(node.url + ROUTES.me, { headers, signal: AbortSignal.timeout(ANSWER_MS) })
    const body = (await response.json()) as Partial<ErrorBody> & { id?: string; role?: string }
    if (response.ok && body.id !== userId)
      return { answer: 'unclear', detail: `200 for somebody else: ${body.id}` }
    if (response.ok) return { answer: 'in', detail: `200, as ${body.role}` }
    const detail = `${response.status} ${body.reason ?? body.error ?? ''}`.trim()
    return { answer: response.status === 401 ? 'out' : 'unclear', detail }
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      return { answer: 'unclear', detail: `no answer within ${ANSWER_MS} ms` }
    const code = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined)?.code : undefined
    return code === 'ECONNREFUSED'
      ? { answer: 'dead', detail: 'connection refused' }
      : { answer: 'unclear', detail: `no answer (${code ?? 'broken off'})` }
  }
}

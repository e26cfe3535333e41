import type { Holding } from '#bench/check/survival.ts'
import { sendOnce } from '#bench/load/send.ts'
import { HEADERS, parseModeHeader } from '#contract/headers.ts'
import type { Credential } from '#contract/node-admin.ts'
import { readLookup } from '#contract/read-lookup.ts'
import { renderRequest, type Target } from '#contract/target.ts'

/** What one place said of a credential. */
export type Opinion = 'in' | 'out' | 'dead' | 'unclear'

const SURVEY_TIMEOUT_MS = 2_000
const CONCURRENT = 16

/** Puts one credential to one address: accepted with the right user, refused, no connection, or anything else. */
export async function ask(target: Target, url: string, credential: Credential): Promise<Opinion> {
  return (await askWho(target, url, credential)).opinion
}

/** The same, with who answered, and in which mode; empty where nobody said. */
export async function askWho(
  target: Target,
  url: string,
  credential: Credential,
): Promise<{ opinion: Opinion; servedBy: string; mode: string }> {
  const answer = await sendOnce(url, renderRequest(target.requests.lookup, credential), {
    timeoutMs: SURVEY_TIMEOUT_MS,
  })
  const headers = answer.kind === 'answer' ? answer.headers : {}
  return {
    opinion: opinionOf(target, answer, credential.userId),
    servedBy: String(headers[target.servedBy ?? HEADERS.servedBy] ?? ''),
    mode: parseModeHeader(String(headers[HEADERS.mode] ?? ''))?.mode ?? '',
  }
}

function opinionOf(target: Target, answer: Awaited<ReturnType<typeof sendOnce>>, userId: string): Opinion {
  if (answer.kind === 'connect_refused') return 'dead'
  if (answer.kind !== 'answer') return 'unclear'
  return readLookup(target, userId, answer.status, answer.body)
}

/** Puts every credential to every node directly. The cluster should be at rest, or the survey is load. */
export async function surveyHoldings(target: Target, credentials: readonly Credential[]): Promise<Holding[]> {
  const holdings: Holding[] = []
  for (let from = 0; from < credentials.length; from += CONCURRENT) {
    const batch = credentials.slice(from, from + CONCURRENT)
    holdings.push(...(await Promise.all(batch.map((credential) => surveyOne(target, credential)))))
  }
  return holdings
}

async function surveyOne(target: Target, credential: Credential): Promise<Holding> {
  const opinions = await Promise.all(
    target.nodes.map(async (node) => ({ id: node.id, opinion: await ask(target, node.url, credential) })),
  )
  const at = (wanted: Opinion) => opinions.filter(({ opinion }) => opinion === wanted).map(({ id }) => id)
  const unclearAt = at('unclear')
  return {
    userId: credential.userId,
    acceptedBy: at('in'),
    ...(unclearAt.length > 0 && { unclearAt }),
  }
}

import type { OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http'
import { ServerResponse } from 'node:http'
import { ROUTES } from '#contract/routes.ts'
import type { AnswerTally } from './answer-tally.ts'

/** What an answer carries whatever its route. */
export interface Stamp {
  readonly headers: Readonly<Record<string, string>>
  readonly tally: AnswerTally
  /** True: no further request is wanted on this connection. */
  readonly isDraining: () => boolean
}

/** Questions after the node's own health are nobody's work: counted as successes, they would make work look cheaper. */
function isAboutTheNode(url: string | undefined): boolean {
  return url === ROUTES.livez || url === ROUTES.readyz || url === ROUTES.metrics
}

type HeaderList = OutgoingHttpHeaders | OutgoingHttpHeader[]

/**
 * A response that stamps and counts itself when its head is written: one place for every answer of every route,
 * without a hook or an event listener for each request. A route's own header wins over the stamp's.
 */
export class StampedResponse extends ServerResponse {
  stamp: Stamp | undefined

  override writeHead(status: number, first?: string | HeaderList, second?: HeaderList): this {
    const { stamp } = this
    // Fastify and Node's implicit head pass an object or nothing, never the flat list.
    const own = (typeof first === 'string' ? second : first) as OutgoingHttpHeaders | undefined
    if (stamp === undefined) return super.writeHead(status, own)
    const { url, method } = this.req
    if (!isAboutTheNode(url)) {
      stamp.tally.count(status, own, method === 'GET' && (url === ROUTES.me || url === ROUTES.baseline))
    }
    const headers = { ...stamp.headers, ...own }
    return super.writeHead(status, stamp.isDraining() ? { ...headers, connection: 'close' } : headers)
  }
}

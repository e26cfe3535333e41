import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { ErrorBody } from '#contract/reasons.ts'

/** What a route answers; a string body is sent as it is. */
export interface AdminAnswer {
  status: number
  body?: unknown
  type?: string
}

/** A route gets what the path's `:name` stands for, the query, and the parsed body. */
export interface AdminRoute {
  method: 'GET' | 'PUT' | 'POST'
  /** Segments; one that begins with `:` matches anything. */
  path: string
  answer(input: AdminInput): AdminAnswer | Promise<AdminAnswer>
}
export interface AdminInput {
  parameter: string
  query: URLSearchParams
  body: unknown
}

const MAX_BODY_BYTES = 65_536

/** The private listener, not yet listening. Every route wants the bearer token, compared in constant time. */
export function createAdminServer(routes: readonly AdminRoute[], token: string): Server {
  const expected = digest(`Bearer ${token}`)
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    const given = request.headers.authorization ?? ''
    const allowed = timingSafeEqual(digest(given), expected)
    const answering = allowed ? route(routes, request) : Promise.resolve(problem(401, 'unauthorized'))
    void answering.then(({ status, body, type }) => {
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
      response.writeHead(status, {
        ...(text === '' ? {} : { 'content-type': type ?? 'application/json' }),
        'cache-control': 'no-store',
        'content-length': Buffer.byteLength(text),
        ...(request.complete ? {} : { connection: 'close' }),
      })
      response.end(text)
    })
  })
  return server
}

/** An answer in the shape of every error. */
export function problem(status: number, error: string, message?: string): AdminAnswer {
  const body: ErrorBody = message === undefined ? { error } : { error, message }
  return { status, body }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

async function route(routes: readonly AdminRoute[], request: IncomingMessage): Promise<AdminAnswer> {
  const url = new URL(request.url ?? '/', 'http://admin')
  let pathExists = false
  for (const candidate of routes) {
    const parameter = match(candidate.path, url.pathname)
    if (parameter === undefined) continue
    pathExists = true
    if (candidate.method !== request.method) continue
    const body = request.method === 'GET' ? undefined : await readJson(request)
    if (body === MALFORMED) return problem(400, 'bad_request', 'the body must be JSON of at most 64 KiB')
    return candidate.answer({ parameter, query: url.searchParams, body })
  }
  return pathExists ? problem(405, 'method_not_allowed') : problem(404, 'not_found')
}

/** The parameter ('' where the path has none), or undefined when the path is another. */
function match(pattern: string, path: string): string | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  let parameter = ''
  for (const [i, segment] of wanted.entries()) {
    if (segment.startsWith(':')) parameter = given[i] ?? ''
    else if (segment !== given[i]) return undefined
  }
  return parameter
}

const MALFORMED = Symbol('malformed')

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > MAX_BODY_BYTES) return MALFORMED
      chunks.push(chunk)
    }
    return size === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return MALFORMED
  }
}

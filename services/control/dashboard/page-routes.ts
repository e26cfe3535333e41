import { readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply } from 'fastify'

const FOLDER = new URL('./page/', import.meta.url)
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
}
const SAFE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-cache',
}

/** `GET /` and its style and scripts: files as they are, without a secret in them, so without the token. */
export function pageRoutes(server: FastifyInstance): void {
  async function send(reply: FastifyReply, file: string): Promise<FastifyReply> {
    const text = await readFile(new URL(file, FOLDER), 'utf8').catch(() => undefined)
    if (text === undefined) return reply.code(404).send({ error: 'not_found' })
    const type = TYPES[file.slice(file.lastIndexOf('.') + 1)]
    return reply
      .headers(SAFE_HEADERS)
      .header('content-type', type ?? 'text/plain')
      .send(text)
  }
  server.get('/', (_request, reply) => send(reply, 'index.html'))
  server.get<{ Params: { file: string } }>(
    // No slash and no dot but the last: nothing outside the folder has such a name.
    '/page/:file(^[a-z-]+[.](?:css|js)$)',
    (request, reply) => send(reply, request.params.file),
  )
}

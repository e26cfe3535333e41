import type { PartKind } from '#contract/control.ts'
import { EXIT, StillinError } from '#contract/errors.ts'

/** A part that nobody supervises: known by its addresses alone. */
export interface NamedPart {
  readonly id: string
  readonly kind: PartKind
  readonly url: string
  readonly adminUrl: string
}

/**
 * Parses `STILLIN_PARTS`: `proxy=http://proxy:8080|http://proxy:8081,node-1=…|…` (public and admin address).
 * `proxy` is the proxy, every other id a node. `node-*=http://auth:3000|…` stands for every address of the name.
 * Empty text: none.
 * @throws StillinError quoting the item that is wrong.
 */
export function parseParts(text: string): NamedPart[] {
  const parts = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map(parsePart)
  const twice = parts.find((part, index) => parts.findIndex((other) => other.id === part.id) !== index)
  if (twice !== undefined) throw refuse(`names ${twice.id} twice`)
  return parts
}

function parsePart(item: string): NamedPart {
  const match = /^([a-z0-9][a-z0-9-]{0,62}(?:(?<=-)\*)?)=([^|]+)\|([^|]+)$/.exec(item)
  const [, id, url, adminUrl] = match ?? []
  if (id === undefined || !isHttpUrl(url) || !isHttpUrl(adminUrl)) {
    throw refuse(`has ${JSON.stringify(item)}, which is not id=url|adminUrl`)
  }
  return { id, kind: id === 'proxy' ? 'proxy' : 'node', url, adminUrl }
}

function isHttpUrl(text: string | undefined): text is string {
  return text !== undefined && URL.parse(text)?.protocol === 'http:'
}

function refuse(what: string): StillinError {
  return new StillinError(`STILLIN_PARTS ${what}`, {
    exitCode: EXIT.usage,
    hint: 'It reads proxy=http://proxy:8080|http://proxy:8081,node-1=http://node-1:3000|http://node-1:3001',
  })
}

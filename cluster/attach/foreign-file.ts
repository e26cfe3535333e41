import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type AnswerStatuses, OWN_STATUSES } from '#contract/answer-statuses.ts'
import type { ForeignNode, ForeignService, ForeignUser } from '#contract/foreign.ts'
import type { RequestTemplate, Target } from '#contract/target.ts'
import { type ForeignFile, ForeignSchema } from './foreign-schema.ts'
import { attachProblem, demandShape, readAttachJson } from './read-json.ts'

/** Enough to see that a logout holds, and short enough to wait for where it never does. */
const WATCH_S = 5

const CHOICES = {
  '/users':
    'must be a list of {name, password}, or {pattern (with {n}), count, and password or passwordFile}',
  '/requests/login/body': 'must be a text, or an object that is sent as JSON',
  '/requests/logout/body': 'must be a text, or an object that is sent as JSON',
}

/** The service that the file describes; undefined: it describes a cluster of ours. @throws StillinError naming what is wrong in it. */
export function readForeignFile(path: string): ForeignService | undefined {
  const { kind, content } = readAttachJson(path)
  if (kind === 'own') return undefined
  demandShape(path, ForeignSchema, content, CHOICES)
  const file = content as ForeignFile
  const flaw = flawOf(file)
  if (flaw !== undefined) throw attachProblem(path, flaw)
  return toService(path, file)
}

/** What the schema cannot say. */
function flawOf({ nodes = [], requests, token, users, commands = {} }: ForeignFile): string | undefined {
  const ids = nodes.map(({ id }) => id)
  const twice = ids.find((id, place) => ids.indexOf(id) !== place)
  if (twice !== undefined) return `/nodes names ${twice} twice`
  if (nodes.some(({ url }) => url === undefined) && nodes.some(({ url }) => url !== undefined))
    return '/nodes: give every node a url, or none'
  if (nodes.length === 0 && Object.keys(commands).length > 0) return '/commands needs /nodes to act on'
  const half = [{ commands }, ...nodes].some(({ commands: { pause, resume } = {} }) => !pause !== !resume)
  if (half) return '/commands: pause and resume go together'
  const { in: accepted, out } = statusesOf(requests.lookup)
  const both = accepted.find((status) => out.includes(status))
  if (both !== undefined) return `/requests/lookup: ${both} cannot mean both in and out`
  if (token !== undefined && !Object.values(token.headers).some((value) => value.includes('{token}')))
    return '/token/headers: one of them must hold {token}, such as "authorization": "Bearer {token}"'
  const { login } = requests
  const text = typeof login.body === 'string' ? login.body : JSON.stringify(login.body ?? '')
  if (!Array.isArray(users)) {
    const { password, passwordFile } = users as Exclude<typeof users, readonly unknown[]>
    if ((password === undefined) === (passwordFile === undefined))
      return '/users: give either password or passwordFile'
    if (!text.includes('{username}')) return '/requests/login/body must hold {username}'
  }
  return undefined
}

function statusesOf({ in: accepted, out }: ForeignFile['requests']['lookup']): AnswerStatuses {
  return { in: accepted ?? OWN_STATUSES.in, out: out ?? OWN_STATUSES.out }
}

function toService(path: string, file: ForeignFile): ForeignService {
  const name = file.name ?? path
  const nodes = nodesOf(path, file)
  const { login, lookup, logout } = file.requests
  const target: Target = {
    name,
    url: origin(file.entrance),
    nodes: nodes.flatMap(({ id, url }) => (url === undefined ? [] : [{ id, url }])),
    requests: {
      login: template(login),
      lookup: template(lookup),
      ...(logout && { logout: template(logout) }),
    },
    credential: {
      cookies: 'all',
      ...(file.token && {
        token: { pointer: file.token.pointer, headers: lowerCased(file.token.headers) },
      }),
    },
    userMember: lookup.user,
    statuses: statusesOf(lookup),
    ...(file.servedBy === undefined ? {} : { servedBy: file.servedBy.toLowerCase() }),
  }
  return { name, target, nodes, users: usersOf(path, file.users), watchS: file.watchS ?? WATCH_S }
}

interface RequestDraft {
  readonly method: RequestTemplate['method'] | string
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: string | object
}

function template({ method, path, headers = {}, body }: RequestDraft): RequestTemplate {
  const isJson = typeof body === 'object'
  return {
    method: method as RequestTemplate['method'],
    path,
    headers: { ...(isJson && { 'content-type': 'application/json' }), ...lowerCased(headers) },
    ...(body !== undefined && {
      body: (isJson ? JSON.stringify(body) : String(body)).replaceAll('{username}', '{user}'),
    }),
  }
}

function nodesOf(path: string, { nodes = [], commands = {} }: ForeignFile): ForeignNode[] {
  return nodes.map(({ id, url, pid, pidFile, commands: own = {} }) => {
    const { hostname = '', port = '' } = URL.parse(url ?? '') ?? {}
    const blanks: Readonly<Record<string, string>> = { id, host: hostname, port }
    const filled = Object.entries({ ...commands, ...own }).map(([action, line]) => [
      action,
      line.map((word) => word.replace(/\{(id|host|port)\}/g, (_, blank: string) => blanks[blank] ?? '')),
    ])
    return {
      id,
      url: url === undefined ? undefined : origin(url),
      pid,
      pidFile: pidFile === undefined ? undefined : resolve(dirname(path), pidFile),
      commands: Object.fromEntries(filled) as ForeignNode['commands'],
    }
  })
}

function usersOf(path: string, users: ForeignFile['users']): ForeignUser[] {
  if (Array.isArray(users))
    return (users as { name: string; password: string }[]).map(({ name, password }) => ({
      id: name,
      password,
    }))
  const {
    pattern,
    count,
    from = 1,
    password,
    passwordFile,
  } = users as Exclude<typeof users, readonly unknown[]>
  const shared = password ?? readPassword(path, passwordFile ?? '')
  return Array.from({ length: count }, (_, place) => ({
    id: pattern.replaceAll('{n}', String(from + place)),
    password: shared,
  }))
}

function readPassword(path: string, file: string): string {
  try {
    return readFileSync(resolve(dirname(path), file), 'utf8').trim()
  } catch (error) {
    throw attachProblem(path, `/users/passwordFile: ${error instanceof Error ? error.message : error}`)
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function origin(url: string): string {
  return url.replace(/\/$/, '')
}

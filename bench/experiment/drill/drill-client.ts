import { type Answer, type SendFailure, sendOnce } from '#bench/load/send.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { COOKIES, HEADERS } from '#contract/headers.ts'
import type { HistoryLine, IssuedCredential } from '#contract/history.ts'
import { type Mode, usesCookies } from '#contract/modes.ts'
import type { Expectation } from '#contract/operations.ts'
import type { RequestTemplate } from '#contract/target.ts'
import { handedOut } from './handed-out.ts'
import { type Held, presentation, SecretNames } from './held.ts'
import type { Facts, Recorder } from './recorder.ts'

const TIMEOUT_MS = 4_000

/** Where a request goes: through the entrance, or to the node with this place. */
export type Where = 'proxy' | number

/** One request of a drill. */
export interface Ask {
  method: RequestTemplate['method']
  path: string
  where: Where
  facts: Facts
  held?: Held | undefined
  body?: unknown
  /** The answer's success hands out a credential of a new login, or a new text for the one there is. */
  issues?: 'login' | 'credential'
  /** Facts that only the answer tells. */
  learn?: (body: Record<string, unknown>) => Partial<HistoryLine>
}

/** What came of it. */
export interface Told {
  readonly line: HistoryLine
  /** What the client holds from here on; undefined unless the answer handed something out. */
  readonly held?: Held
}

/** Sends requests, keeps what they hand out under names, and records them. */
export class DrillClient {
  readonly mode: Mode
  readonly cluster: RunningCluster
  readonly recorder: Recorder
  readonly names = new SecretNames()
  /** Logins whose end was acknowledged: by now the mode's table may want them refused. */
  readonly ended = new Set<string>()

  constructor(mode: Mode, cluster: RunningCluster, recorder: Recorder) {
    this.mode = mode
    this.cluster = cluster
    this.recorder = recorder
  }

  async ask(ask: Ask): Promise<Told> {
    const { method, path, where, held, body } = ask
    const headers: Record<string, string> = presentation(held)
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (usesCookies(this.mode) && method !== 'GET') headers[HEADERS.csrf] = '1'
    const template = { method, path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    const result = await sendOnce(this.urlOf(where), template, { timeoutMs: TIMEOUT_MS })
    return this.take(ask, result)
  }

  /** Records a request that was sent, and takes in what its answer hands out. */
  take({ where, facts, held, issues, learn }: Ask, result: Answer | SendFailure): Told {
    const presented = held === undefined ? {} : { credential: held.credential, login: held.login }
    const complete: Facts = { via: where === 'proxy' ? 'proxy' : 'node', ...presented, ...facts }
    const isGood = result.kind === 'answer' && result.status < 300
    if (!isGood) return { line: this.recorder.add(complete, result, this.#expectation(where, held)) }
    const learned = learn?.((result.body ?? {}) as Record<string, unknown>) ?? {}
    const got = issues === undefined ? undefined : this.#name(facts, held, issues, result)
    const line = this.recorder.add(
      { ...complete, ...learned, ...(got && { issued: got.issued }) },
      result,
      this.#expectation(where, held),
    )
    return { line, ...(got && { held: got.held }) }
  }

  /** Asks control, which is no part of the entrance. */
  async askControl(path: string, body: object, facts: Facts): Promise<HistoryLine> {
    const { url, token } = this.cluster.control
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const template = { method: 'POST', path, headers, body: JSON.stringify(body) } as const
    return this.recorder.add(facts, await sendOnce(url, template, { timeoutMs: TIMEOUT_MS }), 'accept')
  }

  /** Something that neither uses a credential nor ends one. */
  async sendUnrecorded(where: Where, path: string, body: object): Promise<void> {
    const headers = { 'content-type': 'application/json' }
    const template = { method: 'POST', path, headers, body: JSON.stringify(body) } as const
    await sendOnce(this.urlOf(where), template, { timeoutMs: TIMEOUT_MS })
  }

  urlOf(where: Where): string {
    if (where === 'proxy') return this.cluster.proxy.url
    const nodes = this.cluster.nodes()
    return nodes[where % nodes.length]?.url ?? this.cluster.proxy.url
  }

  #name(
    { user, client, refreshToken }: Facts,
    before: Held | undefined,
    issues: 'login' | 'credential',
    answer: Answer,
  ): { held: Held; issued: IssuedCredential } | undefined {
    const { cookies, bearer, refresh, livesS, epoch } = handedOut(answer)
    const isNew = issues === 'login'
    // A write in a session mode hands out nothing, or the same once more: the credential stays as it was.
    const text = bearer ?? cookies[COOKIES.session]
    const former = before?.bearer ?? before?.cookies[COOKIES.session]
    if (!isNew && (before === undefined || text === undefined || text === former)) return undefined
    const login = isNew || before === undefined ? this.names.newLogin(user) : before.login
    const credential = this.names.newCredential(login)
    const refreshName =
      refresh === undefined
        ? undefined
        : this.names.refresh(refresh, login, isNew ? refreshToken : before?.refresh?.name)
    const held: Held = {
      user,
      client,
      login,
      credential,
      cookies: { ...before?.cookies, ...cookies },
      ...(bearer === undefined ? before?.bearer && { bearer: before.bearer } : { bearer }),
      ...(refresh !== undefined && refreshName !== undefined
        ? { refresh: { text: refresh, name: refreshName } }
        : before?.refresh && { refresh: before.refresh }),
    }
    const issued: IssuedCredential = {
      credential,
      login,
      ...(isNew && livesS !== undefined && { livesS }),
      ...(refreshName !== undefined && { refreshToken: refreshName }),
      ...(isNew && epoch !== undefined && { epoch }),
    }
    return { held, issued }
  }

  /** What the table says of this credential here; a node that does not hold a session in memory refuses by chance. */
  #expectation(where: Where, held: Held | undefined): Expectation {
    const { expected, store } = this.mode
    if (held !== undefined && this.ended.has(held.login)) return expected.lookup['logged-out']
    return store === 'node-memory' && where !== 'proxy' ? 'by-chance' : expected.lookup.live
  }
}

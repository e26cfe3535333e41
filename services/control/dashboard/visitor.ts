import type { ClusterState } from '#contract/control.ts'
import type { NodeAnswer, VisitorAsk, VisitorCredential } from '#contract/dashboard.ts'
import { LAB, labUserId } from '#contract/lab.ts'
import { isModeName, MODES } from '#contract/modes.ts'
import { ROUTES } from '#contract/routes.ts'
import { askNode } from './ask-node.ts'
import { createVisitorLogin, type VisitorAnswer, type VisitorLogin } from './visitor-login.ts'

/** The administrator, so that there is something to demote. */
export const VISITOR_USER = labUserId(0)
const CREDENTIALS_MAX = 3
const ASKS_MAX = 12
/** Changing the password again brings the first one back. */
const OTHER_PASSWORD = `${LAB.password}-changed`

interface Kept extends Omit<VisitorCredential, 'answers' | 'refreshable' | 'pinnedTo'> {
  readonly login: VisitorLogin
  /** As it was issued: what an attacker who copied it then would send. */
  readonly headers: Record<string, string>
  /** Who answered through the proxy last. */
  lastNode: string
  answers: NodeAnswer[]
}

/** Whoever sits before the dashboard, as a user of the cluster. */
export interface Visitor {
  view(): { credentials: readonly VisitorCredential[]; asks: readonly VisitorAsk[] }
  login(proxyUrl: string, state: ClusterState): Promise<VisitorAnswer>
  /** `GET /me` through the proxy, with the newest login. Undefined: there is none. */
  ask(): Promise<VisitorAnswer | undefined>
  logout(everywhere: boolean): Promise<VisitorAnswer | undefined>
  changePassword(state: ClusterState): Promise<VisitorAnswer | undefined>
  /** Two tabs of one client refresh at the same moment with the same refresh token; both answers. */
  refreshTwice(state: ClusterState): Promise<readonly VisitorAnswer[] | undefined>
  /** Somebody else ended all of the visitor's logins. */
  endAll(how: string, declared: string): void
  /** Puts every login to every node. */
  probe(state: ClusterState): Promise<void>
}

export function createVisitor(nowMs: () => number = Date.now): Visitor {
  let kept: Kept[] = []
  let asks: VisitorAsk[] = []
  let password: string = LAB.password
  let lastId = 0
  let lastAsk = 0
  const current = (): Kept | undefined => kept.find(({ ended }) => ended === null)
  function keep(login: VisitorLogin, answer: VisitorAnswer, state: ClusterState): void {
    const headers = login.credentialHeaders()
    const raw = headers['authorization']?.replace(/^Bearer /, '') ?? headers['cookie'] ?? ''
    lastId += 1
    const mode = isModeName(answer.mode) ? answer.mode : state.mode
    const kind = headers['authorization'] === undefined ? 'cookie' : 'token'
    const one: Kept = {
      id: lastId,
      userId: VISITOR_USER,
      mode,
      node: answer.node,
      kind,
      raw,
      decoded: readableParts(raw),
      ended: null,
      answers: [],
      login,
      headers,
      lastNode: answer.node,
    }
    kept = [one, ...kept].slice(0, CREDENTIALS_MAX)
  }
  function end(which: readonly Kept[], how: string, declared: string): void {
    for (const one of which) one.ended = { how, atMs: nowMs(), declared }
  }
  const alive = (): readonly Kept[] => kept.filter(({ ended }) => ended === null)
  /** A mode's own route ends what that mode remembers, and no login of another one. */
  const aliveIn = (mode: Kept['mode']) => alive().filter((one) => one.mode === mode)
  return {
    view: () => ({
      credentials: kept.map(({ login, headers: _headers, lastNode, ...shown }) => ({
        ...shown,
        refreshable: login.holds('refresh'),
        pinnedTo: login.holds('pin') ? lastNode : null,
      })),
      asks,
    }),
    async login(proxyUrl, state) {
      const login = createVisitorLogin(proxyUrl)
      const answer = await login.send('POST', ROUTES.login, { username: VISITOR_USER, password })
      if (answer.status === 200) keep(login, answer, state)
      return answer
    },
    async ask() {
      // Also a login that was ended may be asked with: whether it still works is the question.
      const one = current() ?? kept[0]
      if (one === undefined) return undefined
      const answer = await one.login.send('GET', ROUTES.me)
      if (answer.status !== 0) one.lastNode = answer.node
      lastAsk += 1
      const { status, node, body } = answer
      const reason = body.reason ?? body.error ?? ''
      asks = [...asks, { seq: lastAsk, credential: one.id, status, node, reason }].slice(-ASKS_MAX)
      return answer
    },
    async logout(everywhere) {
      const one = current()
      if (one === undefined) return undefined
      const answer = await one.login.send('POST', everywhere ? ROUTES.logoutAll : ROUTES.logout)
      if (answer.status === 204)
        if (everywhere) end(aliveIn(one.mode), 'log out everywhere', MODES[one.mode].revokes.user)
        else end([one], 'logout', answer.revocation)
      return answer
    },
    async changePassword(state) {
      const one = current()
      if (one === undefined) return undefined
      const next = password === LAB.password ? OTHER_PASSWORD : LAB.password
      const answer = await one.login.send('POST', ROUTES.password, { current: password, next })
      if (answer.status !== 200) return answer
      password = next
      end(aliveIn(one.mode), 'password change', MODES[one.mode].revokes.user)
      keep(one.login, answer, state)
      return answer
    },
    async refreshTwice(state) {
      const one = current()
      if (one === undefined) return undefined
      // Both tabs send what the client holds now, before either is answered.
      const tabs = [1, 2].map(() => one.login.send('POST', ROUTES.refresh, one.login.refreshBody()))
      const answers = await Promise.all(tabs)
      const fresh = answers.find(({ status }) => status === 200)
      if (fresh !== undefined) keep(one.login, fresh, state)
      return answers
    },
    endAll: (how, declared) => end(alive(), how, declared),
    async probe(state) {
      const nodes = state.parts.filter(({ kind }) => kind === 'node')
      await Promise.all(
        kept.map(async (one) => {
          one.answers = await Promise.all(
            nodes.map(async (node) => {
              const before = one.answers.find((answer) => answer.node === node.id)?.lastInAtMs ?? null
              const sentAtMs = nowMs()
              const { answer, detail } = await askNode(node, one.headers, one.userId, state.canSignal)
              return { node: node.id, answer, detail, lastInAtMs: answer === 'in' ? sentAtMs : before }
            }),
          )
        }),
      )
    },
  }
}

/** The parts of a credential that are JSON to everybody who holds it. */
function readableParts(raw: string): unknown[] {
  return raw
    .replace(/^[^=]*=/, '')
    .split(/[.;]|%2E/)
    .flatMap((part) => {
      try {
        const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
        return typeof value === 'object' && value !== null ? [value] : []
      } catch {
        return []
      }
    })
}

import { type OutagePolicy, STALE_MAX_MS } from '#contract/outage.ts'
import type { Clock } from '../clock.ts'
import { AnswerError, ERRORS } from '../errors.ts'
import { parseSessionId } from './session-id.ts'
import type { Session, SessionStore } from './session-store.ts'

/** Entries each table holds; the ones least recently used are forgotten first. */
const TABLE_MAX = 50_000

/** What the store said of a session, and when, ms. */
interface Seen {
  session: Session
  atMs: number
}

export interface OutageOptions {
  store: SessionStore
  policy: Exclude<OutagePolicy, 'closed'>
  clock: Clock
  lifetimeMs: number
}

/**
 * A store that goes on answering lookups while the one behind it cannot be asked: with what this node read of late
 * (`stale`), or with the signed id alone (`open`). Nobody can know then what was revoked meanwhile, so somebody may get
 * in who should be out: that is the price, and `closed`, the default, is without it. Nothing is ever written that rests
 * on such an answer.
 */
export function withOutagePolicy({ store, policy, clock, lifetimeMs }: OutageOptions): SessionStore {
  const seen = new Map<string, Seen>()
  /** Sessions whose last answer was not the store's. */
  const vouched = new Map<string, true>()

  const ask = async (id: string, read: SessionStore['read']): ReturnType<SessionStore['read']> => {
    try {
      const answer = await read(id)
      vouched.delete(id)
      if (policy === 'stale') remember(id, answer)
      return answer
    } catch (error) {
      if (!(error instanceof AnswerError) || error.declaration !== ERRORS.storeUnavailable) throw error
      const instead = policy === 'stale' ? fromMemory(id) : fromId(id)
      if (instead === undefined) throw error
      put(vouched, id, true)
      return instead
    }
  }
  const remember = (id: string, answer: Awaited<ReturnType<SessionStore['read']>>): void => {
    seen.delete(id)
    if (typeof answer === 'object') put(seen, id, { session: answer, atMs: clock.now() })
  }
  const fromMemory = (id: string): Session | undefined => {
    const known = seen.get(id)
    if (known === undefined) return undefined
    const nowMs = clock.now()
    return known.atMs + STALE_MAX_MS > nowMs && known.session.deadlineMs > nowMs ? known.session : undefined
  }
  /** As little as can be believed: who it is, and nothing more than any user may. */
  const fromId = (id: string): Session | undefined => {
    const parsed = parseSessionId(id)
    if (parsed === undefined || parsed.deadlineMs <= clock.now()) return undefined
    const { userId, deadlineMs } = parsed
    const loginAt = new Date(deadlineMs - lifetimeMs).toISOString()
    return { id, userId, deadlineMs, role: 'user', loginAt, epoch: 0 }
  }
  const { look, listing, usersOnline, createAlike } = store
  return {
    read: (id) => ask(id, (each) => store.read(each)),
    ...(look && { look: (id: string) => ask(id, look.bind(store)) }),
    ...(listing && { listing }),
    ...(usersOnline && { usersOnline: usersOnline.bind(store) }),
    epochOf: (userId) => store.epochOf(userId),
    create: (session) => store.create(session),
    ...(createAlike && { createAlike: createAlike.bind(store) }),
    async update(session) {
      // What was vouched for lacks what the store knows; saved, it would replace it.
      if (vouched.has(session.id)) throw new AnswerError('storeUnavailable')
      return store.update(session)
    },
    async delete(id) {
      seen.delete(id)
      await store.delete(id)
    },
    async advanceEpoch(userId) {
      for (const [id, { session }] of seen) if (session.userId === userId) seen.delete(id)
      await store.advanceEpoch(userId)
    },
    ping: () => store.ping(),
    close: () => store.close(),
  }
}

function put<Value>(table: Map<string, Value>, id: string, value: Value): void {
  table.delete(id)
  table.set(id, value)
  if (table.size <= TABLE_MAX) return
  for (const oldest of table.keys()) {
    table.delete(oldest)
    return
  }
}

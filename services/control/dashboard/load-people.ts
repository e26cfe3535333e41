import type { ClusterState } from '#contract/control.ts'
import type { DashboardPeople, DashboardState } from '#contract/dashboard.ts'
import type { StillIn } from '#contract/demo.ts'
import { COOKIES } from '#contract/headers.ts'
import { labUserIds } from '#contract/lab.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import { askNode } from './ask-node.ts'
import type { PartReader } from './part-reader.ts'

/** Tried in turn: a lab may have fewer users. `user-1` is left to the visitor. */
const CROWDS = [60, 10, 1] as const
export const LOGIN_LIFETIME_S = 240
/** How many people one look asks about; everybody's turn comes again within a few looks. */
const LOOK_COUNT = 20
/** A fault is known a moment after it struck: who was lost in between counts as lost by it. */
const FAULT_SLACK_MS = 1_500

/** Somebody whose login the load uses. */
export interface Person {
  readonly userId: string
  /** As sent directly to a node. */
  readonly headers: Readonly<Record<string, string>>
  /** Leads to the node that holds the session, where the mode pins; the proxy may move it. */
  pin: string | undefined
  /** Where the pin leads, by the last answer. */
  pinnedTo: string
  standing: 'in' | 'lost' | 'unclear'
  lostAtMs: number
  /** The node that accepted last, asked first the next time. */
  lastNode: string
}

/** People logged in for the load, spread over the nodes. */
export interface LoadPeople {
  readonly list: readonly Person[]
  readonly mode: ModeName | null
  /** Logs everybody in anew, in the present mode. False: no node could. */
  login(state: ClusterState): Promise<boolean>
  /** Asks the nodes about the next few people; forgets everybody when their logins run out. */
  look(state: ClusterState): Promise<void>
  forget(): void
  summary(faultAtMs: number | undefined): DashboardPeople
  /** How many are led back to each node. */
  pins(): DashboardState['pins']
}

export function createLoadPeople(reader: PartReader, nowMs: () => number = Date.now): LoadPeople {
  let list: Person[] = []
  let mode: ModeName | null = null
  let loggedInAtMs = 0
  let next = 0
  const forget = (): void => {
    list = []
    mode = null
    next = 0
  }
  async function loginAt(state: ClusterState, count: number): Promise<Person[]> {
    const nodes = state.parts.filter((part) => part.kind === 'node' && part.condition === 'ready')
    const proxy = state.parts.find((part) => part.kind === 'proxy')
    const pinned = MODES[state.mode].balancer === 'affinity-cookie'
    const share = Math.ceil(count / Math.max(1, nodes.length))
    const groups = await Promise.all(
      nodes.map(async (node, index) => {
        const userIds = labUserIds(1 + index * share, Math.min(share, count - index * share))
        const seeded = await reader.seed(node, { userIds, lifetimeS: LOGIN_LIFETIME_S })
        const pin = pinned && proxy ? (await reader.pin(proxy, node.id))?.cookie : undefined
        return (seeded?.credentials ?? []).map(({ userId, headers }) => ({
          userId,
          headers,
          pin,
          pinnedTo: node.id,
          standing: 'in' as const,
          lostAtMs: 0,
          lastNode: node.id,
        }))
      }),
    )
    // By turns, so that the load goes round the nodes.
    return Array.from({ length: share }, (_, index) => groups.flatMap((group) => group[index] ?? [])).flat()
  }
  async function lookAt(person: Person, { parts, canSignal, mode: asIn }: ClusterState): Promise<void> {
    const asked = list
    const nodes = parts.filter(({ kind }) => kind === 'node')
    const first = nodes.toSorted(
      (a, b) => Number(b.id === person.lastNode) - Number(a.id === person.lastNode),
    )
    const answers: StillIn[] = []
    for (const node of first) {
      const { answer } = await askNode(node, person.headers, person.userId, canSignal)
      answers.push(answer)
      if (answer !== 'in') continue
      person.lastNode = node.id
      break
    }
    const standing = standingOf(answers, asIn)
    // Everybody was logged in anew meanwhile.
    if (asked !== list) return
    if (standing === 'lost' && person.standing !== 'lost') person.lostAtMs = nowMs()
    person.standing = standing
  }
  return {
    get list() {
      return list
    },
    get mode() {
      return mode
    },
    async login(state) {
      for (const count of CROWDS) {
        const people = await loginAt(state, count)
        if (people.length === 0) continue
        list = people
        mode = state.mode
        loggedInAtMs = nowMs()
        next = 0
        return true
      }
      forget()
      return false
    },
    async look(state) {
      if (nowMs() - loggedInAtMs > (LOGIN_LIFETIME_S - 5) * 1_000 || state.mode !== mode) return forget()
      const due = Array.from({ length: Math.min(LOOK_COUNT, list.length) }, (_, i) => {
        return list[(next + i) % list.length]
      })
      next = (next + due.length) % Math.max(1, list.length)
      await Promise.all(due.map((person) => person && lookAt(person, state)))
    },
    forget,
    pins() {
      const pinned = list.filter(({ pin }) => pin !== undefined)
      const nodes = Map.groupBy(pinned, ({ pinnedTo }) => pinnedTo)
      return [...nodes].map(([node, people]) => ({ node, people: people.length }))
    },
    summary(faultAtMs) {
      const lost = list.filter(({ standing }) => standing === 'lost')
      return {
        count: list.length,
        loggedInAtMs: list.length === 0 ? null : loggedInAtMs,
        in: list.filter(({ standing }) => standing === 'in').length,
        lost: lost.length,
        unclear: list.filter(({ standing }) => standing === 'unclear').length,
        lostSinceFault:
          faultAtMs === undefined
            ? 0
            : lost.filter(({ lostAtMs }) => lostAtMs >= faultAtMs - FAULT_SLACK_MS).length,
      }
    },
  }
}

/** What the nodes' answers to one credential say of its owner. */
function standingOf(answers: readonly StillIn[], mode: ModeName): Person['standing'] {
  if (answers.includes('in')) return 'in'
  if (answers.includes('unclear')) return 'unclear'
  if (answers.includes('out')) return 'lost'
  // Nobody is left to ask: only what the nodes held themselves is gone with them.
  const { store } = MODES[mode]
  const diedWithThem = store === 'node-memory' || store === 'every-node'
  return answers.length > 0 && diedWithThem ? 'lost' : 'unclear'
}

/** What this person sends through the proxy. */
export function throughProxy({ headers, pin }: Person): Record<string, string> {
  if (pin === undefined) return { ...headers }
  return { ...headers, cookie: headers['cookie'] === undefined ? pin : `${headers['cookie']}; ${pin}` }
}

/** The affinity cookie that an answer sets, as a pair. */
export function movedPin(setCookies: readonly string[]): string | undefined {
  return setCookies.find((cookie) => cookie.includes(`${COOKIES.affinity}=`))?.split(';')[0]
}

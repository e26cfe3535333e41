import type { AddedNode, ClusterState, PartState, UserChangeReport } from '#contract/control.ts'
import type { LinkRequest } from '#contract/links.ts'
import type { ModeName } from '#contract/modes.ts'
import type { RenewalSetting } from '#contract/renewal.ts'
import type { PartAction } from '#contract/supervision.ts'
import { bringUpToDate } from './bring-up-to-date.ts'
import { changeUserEverywhere } from './change-user.ts'
import type { ClusterView } from './cluster-view.ts'
import { createExclusive } from './exclusive.ts'
import type { KeyFile } from './key-file.ts'
import type { PartClient, UserChange } from './part-client.ts'
import { type RotateOutcome, rotateKeys } from './rotate-keys.ts'
import { type RenewalOutcome, setRenewal } from './set-renewal.ts'
import type { ActError, SupervisorLink } from './supervisor-link.ts'
import { type SwitchOutcome, switchMode } from './switch-mode.ts'

/** The cluster's state and everything that can be done to it. Errors are values; nothing here rejects. */
export interface Control {
  state(): ClusterState
  switchMode(mode: ModeName): Promise<SwitchOutcome>
  /** How logins that begin from now on are made to last, at every node. */
  renewBy(setting: RenewalSetting): Promise<RenewalOutcome>
  /** At every node that runs, since each may hold logins of the user in its memory. */
  changeUser(userId: string, change: UserChange): Promise<UserChangeReport | ActError>
  /** A new signing key for all nodes; the former ones go on being accepted, or not. */
  rotateKeys(revokeOld: boolean): Promise<RotateOutcome>
  act(action: PartAction, partId: string): Promise<ActError | undefined>
  /** A further node that takes part in everything from now on, switches included. */
  addNode(): Promise<AddedNode | ActError>
  /** Takes a node out for good. */
  removeNode(nodeId: string): Promise<ActError | undefined>
  /** Ended by `resume`. */
  drain(partId: string): Promise<ActError | undefined>
  /** The condition of a link from now on. */
  link(from: string, to: string, request: LinkRequest): Promise<ActError | undefined>
  shutdown(): Promise<ActError | undefined>
  /**
   * Takes over the parts as somebody saw them, and tells those that have just come up what was decided since the start.
   * @param lagging parts that were seen in an earlier mode.
   */
  observe(parts: readonly PartState[], lagging?: readonly string[]): Promise<void>
}

export interface ControlOptions {
  readonly view: ClusterView
  readonly client: PartClient
  /** Absent where containers run the parts. */
  readonly supervisor: SupervisorLink | undefined
  /** Absent: keys cannot be changed. */
  readonly keys?: KeyFile | undefined
  /** Told what could not be repaired. */
  readonly onProblem?: (message: string) => void
}

const MAX_WAITING = 8
const BUSY: ActError = { status: 409, message: 'too many changes are waiting already; try again' }
const NO_SUPERVISOR: ActError = {
  status: 409,
  message:
    'nobody here can signal processes: this cluster runs in containers, so use `stillin kill … --cluster compose`, or docker',
}

const NO_STARTER: ActError = {
  status: 409,
  message:
    'nobody here can start processes: this cluster runs in containers, so use `docker-compose up -d --scale node=4`',
}

const NO_KEYS = {
  status: 409,
  message: 'control was started without STILLIN_KEYS_FILE and cannot change keys',
} as const

export function createControl({ view, client, supervisor, keys, onProblem }: ControlOptions): Control {
  // A node that starts in the middle of a switch would start in the old mode, so the two never overlap.
  const changes = createExclusive(MAX_WAITING)
  /** Parts that came up and have not been seen as the cluster is; tried again at every observation. */
  const behind = new Set<string>()
  let keysChanged = false
  const unknownPart = (id: string): ActError => {
    const known = view.state().parts.map((part) => part.id)
    return { status: 404, message: `there is no part ${JSON.stringify(id)}; there are ${known.join(', ')}` }
  }
  async function setDraining(nodeId: string, draining: boolean): Promise<ActError | undefined> {
    const proxy = view.running('proxy')[0]
    if (proxy === undefined) return { status: 409, message: 'no proxy is running that could drain a node' }
    const problem = await client.drain(proxy, nodeId, draining)
    if (problem !== undefined) return { status: problem.refused ? 409 : 500, message: problem.message }
    view.markDraining(nodeId, draining)
    return undefined
  }
  return {
    state: () => view.state(),
    async switchMode(mode) {
      const outcome = await changes.run(() =>
        switchMode(view, client, mode, (decided, generation) => supervisor?.tellMode(decided, generation)),
      )
      return outcome === 'busy' ? { status: 409, message: BUSY.message, switched: false } : outcome
    },
    async renewBy(setting) {
      const outcome = await changes.run(() =>
        setRenewal(view, client, setting, (decided) => supervisor?.tellRenewal(decided)),
      )
      if (outcome === 'busy') return BUSY
      if ('late' in outcome) for (const id of outcome.late) behind.add(id)
      return outcome
    },
    changeUser: (userId, change) => changeUserEverywhere(view, client, userId, change),
    async rotateKeys(revokeOld) {
      if (keys === undefined) return NO_KEYS
      keysChanged = true
      const outcome = await changes.run(() => rotateKeys(view, client, keys, revokeOld))
      return outcome === 'busy' ? { status: 409, message: BUSY.message } : outcome
    },
    async act(action, partId) {
      if (action === 'resume' && view.part(partId)?.condition === 'draining')
        return setDraining(partId, false)
      if (supervisor === undefined) return NO_SUPERVISOR
      if (view.part(partId) === undefined) return unknownPart(partId)
      // A kill, pause or resume is a fault or its end: it must strike at once, also in the middle of a switch.
      if (action !== 'start') return supervisor.act(action, partId)
      const outcome = await changes.run(() => supervisor.act('start', partId))
      return outcome === 'busy' ? BUSY : outcome
    },
    async addNode() {
      if (supervisor === undefined) return NO_STARTER
      const outcome = await changes.run(() => supervisor.add())
      if (outcome === 'busy') return BUSY
      return typeof outcome === 'string' ? { id: outcome } : outcome
    },
    async removeNode(nodeId) {
      if (supervisor === undefined) return NO_STARTER
      const outcome = await changes.run(() => supervisor.remove(nodeId))
      return outcome === 'busy' ? BUSY : outcome
    },
    async drain(partId) {
      const part = view.part(partId)
      if (part === undefined) return unknownPart(partId)
      if (part.kind !== 'node')
        return { status: 409, message: `${partId} is no node; only nodes are drained` }
      if (part.condition !== 'ready') return { status: 409, message: `${partId} is ${part.condition}` }
      return setDraining(partId, true)
    },
    link: async (from, to, request) => supervisor?.link(from, to, request) ?? NO_SUPERVISOR,
    shutdown: async () => (supervisor === undefined ? NO_SUPERVISOR : supervisor.shutdown()),
    async observe(parts, lagging = []) {
      for (const id of lagging) behind.add(id)
      for (const part of view.update(parts)) {
        if (part.kind === 'node' || part.kind === 'proxy') behind.add(part.id)
      }
      const due = parts.filter((part) => part.condition === 'ready' && behind.has(part.id))
      await Promise.all(
        due.map(async (part) => {
          behind.delete(part.id)
          const problem = await bringUpToDate({ view, client, changes, keysChanged }, part)
          if (problem === undefined) return
          behind.add(part.id)
          onProblem?.(problem.message)
        }),
      )
    },
  }
}

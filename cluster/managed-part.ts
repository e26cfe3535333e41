import { monotonicUs } from '#contract/clock.ts'
import type { PartCondition, PartKind, PartState } from '#contract/control.ts'
import type { ActedMessage, PartAction } from '#contract/supervision.ts'
import type { Child } from './child.ts'
import type { ClusterEvent } from './cluster.ts'

/** Why an action was not done; expected, so a value. */
export type ActRefusal = NonNullable<ActedMessage['error']>

export interface ManagedPartOptions {
  readonly id: string
  readonly kind: PartKind
  readonly url: string
  readonly adminUrl: string | undefined
  /** Starts the process and resolves when it is ready. */
  readonly spawn: (signal: AbortSignal) => Promise<Child>
  readonly onEvent: (event: ClusterEvent) => void
  /** Called after every change of condition. */
  readonly onChange: () => void
}

/** One process of the cluster through its lives: started, paused, killed, started again on the same ports. */
export interface ManagedPart {
  readonly id: string
  state(): PartState
  child(): Child | undefined
  /** Undefined: done. Rejects only when a start fails. */
  act(action: PartAction): Promise<ActRefusal | undefined>
  /** An orderly end, after which it may be started again. */
  end(): Promise<ActRefusal | undefined>
  /** An orderly end for good, from whatever condition. */
  stop(): Promise<void>
}

export function createManagedPart(options: ManagedPartOptions): ManagedPart {
  const { id, kind, url, adminUrl } = options
  let condition: PartCondition = 'stopped'
  let child: Child | undefined
  let starting: { attempt: AbortController; settled: Promise<void> } | undefined
  /** An end that was asked for is not reported as one that came by itself. */
  let ending = false

  const become = (next: PartCondition, event: ClusterEvent['kind'], detail?: string): void => {
    condition = next
    options.onEvent({
      atUs: monotonicUs(),
      kind: event,
      part: id,
      ...(detail === undefined ? {} : { detail }),
    })
    options.onChange()
  }
  const watch = async (watched: Child): Promise<void> => {
    const { code, signal } = await watched.exited
    if (child !== watched || ending) return
    child = undefined
    const printed = watched.output()
    become('stopped', 'exited', [signal ?? `exit code ${code}`, printed].filter(Boolean).join(': '))
  }

  async function start(): Promise<undefined> {
    const attempt = new AbortController()
    const settled = Promise.withResolvers<void>()
    starting = { attempt, settled: settled.promise }
    become('starting', 'starting')
    try {
      child = await options.spawn(attempt.signal)
      // It may have ended between its word and this line; `watch` says so then.
      become('ready', 'ready')
      void watch(child)
    } catch (error) {
      if (attempt.signal.aborted) become('stopped', 'stopped')
      else become('stopped', 'failed', error instanceof Error ? error.message : String(error))
      throw error
    } finally {
      starting = undefined
      settled.resolve()
    }
  }
  async function kill(): Promise<undefined> {
    ending = true
    const victim = child
    victim?.signal('SIGKILL')
    await victim?.exited
    child = undefined
    ending = false
    become('stopped', 'killed')
  }
  const refuse = (action: PartAction): ActRefusal => ({ status: 409, message: whyNot(id, action, condition) })

  return {
    id,
    state: () => ({
      id,
      kind,
      condition,
      url,
      ...(adminUrl === undefined ? {} : { adminUrl }),
      ...(child === undefined ? {} : { pid: child.pid }),
    }),
    child: () => child,
    async act(action) {
      if (ending) return refuse(action)
      if (action === 'start') return condition === 'stopped' ? start() : refuse(action)
      if (action === 'kill') return child === undefined ? refuse(action) : kill()
      if (action === 'pause' && condition === 'ready') {
        child?.signal('SIGSTOP')
        become('paused', 'paused')
        return undefined
      }
      if (action === 'resume' && condition === 'paused') {
        child?.signal('SIGCONT')
        become('ready', 'resumed')
        return undefined
      }
      return refuse(action)
    },
    async end() {
      if (ending || child === undefined || condition !== 'ready') {
        return { status: 409, message: `${id} is ${condition}; that rules out to stop it` }
      }
      ending = true
      await child.stop()
      child = undefined
      ending = false
      become('stopped', 'stopped')
      return undefined
    },
    async stop() {
      starting?.attempt.abort()
      await starting?.settled
      if (child === undefined || ending) return
      ending = true
      await child.stop()
      child = undefined
      become('stopped', 'stopped')
    },
  }
}

/** Why an action cannot be done to a part in this condition. */
export function whyNot(id: string, action: PartAction, condition: PartCondition): string {
  const wanted: Record<PartAction, PartCondition> = {
    kill: 'stopped',
    start: 'ready',
    pause: 'paused',
    resume: 'ready',
  }
  if (condition === wanted[action]) return `${id} is ${condition} already`
  return `${id} is ${condition}; that rules out to ${action} it`
}

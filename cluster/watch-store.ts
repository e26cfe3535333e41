import { monotonicUs } from '#contract/clock.ts'
import type { PartCondition, PartState } from '#contract/control.ts'
import type { PartAction } from '#contract/supervision.ts'
import type { ClusterEvent, ClusterOptions } from './cluster.ts'
import { type ActRefusal, whyNot } from './managed-part.ts'
import type { RedisControls } from './redis/redis-server.ts'
import type { StoreServer } from './stores/store-server.ts'

/** A part that can be signalled. */
export interface SignalledPart {
  readonly id: string
  act(action: PartAction): Promise<ActRefusal | undefined>
}

/** The store as a part of the cluster. `signalled` is absent where its process is not ours to signal. */
export interface WatchedStore {
  states(): readonly PartState[]
  readonly signalled: SignalledPart | undefined
}

/** A store in Redis's place is reported, and signalled by nobody. */
function watchInstead(
  { ended, pid }: StoreServer,
  { onEvent }: ClusterOptions,
  onChange: () => void,
): WatchedStore {
  let condition: PartCondition = 'ready'
  void ended?.then((detail) => {
    condition = 'stopped'
    onEvent?.({ atUs: monotonicUs(), kind: 'exited', part: 'store', detail })
    onChange()
  })
  return {
    states: () => [
      {
        id: 'store',
        kind: 'store',
        condition,
        // Not the address, which may hold a password.
        ...(condition === 'stopped' || pid === undefined ? {} : { pid }),
      },
    ],
    signalled: undefined,
  }
}

/** Reports the store when it ends unasked, and signals it when asked; whoever provided it ends it. */
export function watchStore(options: ClusterOptions, onChange: () => void): WatchedStore {
  const { redis, store, onEvent } = options
  if (store !== undefined) return watchInstead(store, options, onChange)
  if (redis === undefined) return { states: () => [], signalled: undefined }
  let condition: PartCondition = 'ready'
  const become = (next: PartCondition, kind: ClusterEvent['kind'], detail?: string): void => {
    condition = next
    const more = detail === undefined ? {} : { detail }
    onEvent?.({ atUs: monotonicUs(), kind, part: 'redis', ...more })
    onChange()
  }
  void redis.ended?.then((how) => become('stopped', 'exited', how))
  const { controls } = redis
  return {
    states: () => [
      {
        id: 'redis',
        kind: 'redis',
        condition,
        url: redis.url,
        ...(condition === 'stopped' || redis.pid === undefined ? {} : { pid: redis.pid }),
      },
    ],
    signalled: controls && {
      id: 'redis',
      async act(action) {
        if (!ALLOWED[action].includes(condition)) {
          return { status: 409, message: whyNot('redis', action, condition) }
        }
        await signalStore(controls, action, become)
        return undefined
      },
    },
  }
}

const ALLOWED: Readonly<Record<PartAction, readonly PartCondition[]>> = {
  kill: ['ready', 'paused'],
  start: ['stopped'],
  pause: ['ready'],
  resume: ['paused'],
}

async function signalStore(
  controls: RedisControls,
  action: PartAction,
  become: (next: PartCondition, kind: ClusterEvent['kind'], detail?: string) => void,
): Promise<void> {
  switch (action) {
    case 'kill':
      await controls.kill()
      return become('stopped', 'killed')
    case 'pause':
      controls.pause()
      return become('paused', 'paused')
    case 'resume':
      controls.resume()
      return become('ready', 'resumed')
    case 'start':
      become('starting', 'starting')
      try {
        await controls.start()
      } catch (error) {
        become('stopped', 'failed', error instanceof Error ? error.message : String(error))
        throw error
      }
      return become('ready', 'ready')
  }
}

import { monotonicUs } from '#contract/clock.ts'
import type { PartState } from '#contract/control.ts'
import type { ClusterOptions } from './cluster.ts'

/** The store as a part of the cluster: reported when it ends unasked, otherwise left to whoever provided it. */
export function watchStore(
  { redis, onEvent }: ClusterOptions,
  onChange: () => void,
): () => readonly PartState[] {
  if (redis === undefined) return () => []
  let alive = true
  void redis.ended?.then((how) => {
    alive = false
    onEvent?.({ atUs: monotonicUs(), kind: 'exited', part: 'redis', detail: how })
    onChange()
  })
  const pid = redis.pid === undefined ? {} : { pid: redis.pid }
  return () => [
    {
      id: 'redis',
      kind: 'redis',
      condition: alive ? 'ready' : 'stopped',
      url: redis.url,
      ...(alive ? pid : {}),
    },
  ]
}

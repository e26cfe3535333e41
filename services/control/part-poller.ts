import type { PartState } from '#contract/control.ts'
import type { ModeName } from '#contract/modes.ts'
import type { PartClient } from './part-client.ts'
import type { NamedPart } from './parts-setting.ts'

/** What one look at every part showed. */
export interface Sighting {
  readonly parts: readonly PartState[]
  /** The highest generation that any part is in: how a restarted control learns what it had decided. */
  readonly newest: { readonly mode: ModeName; readonly generation: number } | undefined
  /** Parts of an earlier generation than the newest: whoever was started again between two looks, with the same pid. */
  readonly behind: readonly string[]
}

/** Asks every part once. One that does not answer in the client's time counts as stopped. */
export async function lookAtParts(parts: readonly NamedPart[], client: PartClient): Promise<Sighting> {
  const seen = await Promise.all(
    parts.map(async (part) => {
      const now = await client.modeOf({ ...part, condition: 'starting' })
      return { part, now: 'generation' in now ? now : undefined }
    }),
  )
  const modes = seen.flatMap(({ now }) => (now === undefined ? [] : [now]))
  const newest = modes.toSorted((a, b) => b.generation - a.generation)[0]
  return {
    parts: seen.map(({ part, now }) => ({
      ...part,
      condition: now === undefined ? 'stopped' : 'ready',
      ...(now === undefined ? {} : { pid: now.pid }),
    })),
    newest,
    behind: seen.flatMap(({ part, now }) =>
      now !== undefined && newest !== undefined && now.generation < newest.generation ? [part.id] : [],
    ),
  }
}

/** Looks again and again, never two looks at once, until disposed. */
export function pollParts(
  look: () => Promise<Sighting>,
  onSighting: (sighting: Sighting) => Promise<void>,
  intervalMs: number,
): Disposable {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  const round = async (): Promise<void> => {
    try {
      await onSighting(await look())
    } finally {
      if (!stopped) timer = setTimeout(round, intervalMs)
    }
  }
  timer = setTimeout(round, 0)
  return {
    [Symbol.dispose]: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

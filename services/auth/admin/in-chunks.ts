import { setImmediate as nextTurn } from 'node:timers/promises'

/** So many of a long list at a time; between them other requests get their turn. */
export async function inChunks<Item, Result>(
  items: readonly Item[],
  size: number,
  work: (item: Item) => Promise<Result>,
  take: (results: Result[]) => void = () => undefined,
): Promise<void> {
  for (let start = 0; start < items.length; start += size) {
    take(await Promise.all(items.slice(start, start + size).map(work)))
    await nextTurn()
  }
}

/** First in, first out, with a bound. */
export interface BoundedQueue<T> {
  readonly size: number
  /** @returns false where the queue is full and the item was not taken. */
  push(item: T): boolean
  shift(): T | undefined
}

export function createBoundedQueue<T>(most: number): BoundedQueue<T> {
  let items: T[] = []
  let head = 0
  return {
    get size() {
      return items.length - head
    },
    push(item) {
      if (items.length - head >= most) return false
      items.push(item)
      return true
    },
    shift() {
      if (head >= items.length) return undefined
      const item = items[head]
      head++
      // What was taken is dropped in large steps: Array.shift would move the rest each time.
      if (head > 1024 && head * 2 > items.length) {
        items = items.slice(head)
        head = 0
      }
      return item
    },
  }
}

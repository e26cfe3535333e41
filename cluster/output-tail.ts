import type { Readable } from 'node:stream'

const MAX_CHARACTERS = 4_000
const MAX_LINES = 12

/** Drains a child's output and keeps its end, for the message that says why the child failed. */
export function keepTail(...streams: readonly (Readable | null)[]): () => string {
  let text = ''
  for (const stream of streams) {
    stream?.setEncoding('utf8')
    stream?.on('data', (chunk: string) => {
      text = (text + chunk).slice(-MAX_CHARACTERS)
    })
  }
  return () => text.trimEnd().split('\n').slice(-MAX_LINES).join('\n')
}

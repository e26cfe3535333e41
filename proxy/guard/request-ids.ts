import { randomBytes } from 'node:crypto'

/** Request ids: unique over restarts (a random prefix) and cheap (a count). Not secret, and not to be guessed at. */
export function createRequestIds(): () => string {
  const prefix = randomBytes(8).toString('hex')
  let count = 0
  return () => {
    count += 1
    return `${prefix}-${count.toString(36)}`
  }
}

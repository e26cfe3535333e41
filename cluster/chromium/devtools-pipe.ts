import type { Readable, Writable } from 'node:stream'

const ANSWER_MS = 20_000

/** Chromium's DevTools protocol over the pipe of `--remote-debugging-pipe`: JSON, each message ended by a NUL. */
export interface DevtoolsPipe {
  /** @throws Error with Chromium's own words, or when it does not answer within 20 s. */
  ask(method: string, parameters?: object, sessionId?: string): Promise<Readonly<Record<string, unknown>>>
  /** The next event of that name. */
  next(method: string): Promise<void>
}

interface Message {
  id?: number
  method?: string
  result?: Record<string, unknown>
  error?: { message: string }
}

export function openDevtoolsPipe(toChromium: Writable, fromChromium: Readable): DevtoolsPipe {
  const waiting = new Map<number | string, (message: Message) => void>()
  let lastId = 0
  let rest = ''
  fromChromium.setEncoding('utf8').on('data', (chunk: string) => {
    const messages = (rest + chunk).split('\0')
    rest = messages.pop() ?? ''
    for (const text of messages) {
      const message = JSON.parse(text) as Message
      const key = message.id ?? message.method ?? ''
      const answer = waiting.get(key)
      waiting.delete(key)
      answer?.(message)
    }
  })
  // A browser that dies is noticed by whoever waits for its answer.
  toChromium.on('error', () => {})
  async function whenSaid(key: number | string, what: string): Promise<Message> {
    const { promise, resolve, reject } = Promise.withResolvers<Message>()
    waiting.set(key, resolve)
    const late = setTimeout(() => reject(new Error(`no answer to ${what} within ${ANSWER_MS} ms`)), ANSWER_MS)
    const ended = (): void => reject(new Error(`the browser ended before it answered ${what}`))
    fromChromium.once('close', ended)
    try {
      return await promise
    } finally {
      clearTimeout(late)
      fromChromium.off('close', ended)
      waiting.delete(key)
    }
  }
  return {
    async ask(method, parameters = {}, sessionId) {
      lastId += 1
      const answer = whenSaid(lastId, method)
      const message = { id: lastId, method, params: parameters, ...(sessionId && { sessionId }) }
      toChromium.write(`${JSON.stringify(message)}\0`)
      const { error, result = {} } = await answer
      if (error !== undefined) throw new Error(`${method}: ${error.message}`)
      return result
    },
    next: async (method) => void (await whenSaid(method, method)),
  }
}

import type { PartState } from '#contract/control.ts'
import type { LinkRequest, LinkState } from '#contract/links.ts'
import type { ModeName } from '#contract/modes.ts'
import type { ActedMessage, ActMessage, PartAction, PartsMessage } from '#contract/supervision.ts'

/** The end of the IPC channel that control holds; `process` in real life. */
export interface Channel {
  send(message: object): void
  onMessage(listener: (message: unknown) => void): void
}

export type ActError = NonNullable<ActedMessage['error']>

/** Who can start and signal processes. */
export interface SupervisorLink {
  /** Done, or why not. Never rejects. */
  act(action: PartAction, partId: string): Promise<ActError | undefined>
  link(from: string, to: string, request: LinkRequest): Promise<ActError | undefined>
  shutdown(): Promise<ActError | undefined>
  tellMode(mode: ModeName, generation: number): void
}

/** Speaks contract/supervision.ts over a channel. */
export function connectSupervisor(
  channel: Channel,
  onParts: (parts: readonly PartState[], links?: readonly LinkState[]) => void,
  timeoutMs: number,
): SupervisorLink {
  let lastId = 0
  const waiting = new Map<number, (error: ActError | undefined) => void>()
  channel.onMessage((raw) => {
    const message = raw as PartsMessage | ActedMessage
    if (message.type === 'parts') onParts(message.parts, message.links)
    if (message.type === 'acted') {
      waiting.get(message.requestId)?.(message.error)
      waiting.delete(message.requestId)
    }
  })
  function ask(build: (requestId: number) => ActMessage): Promise<ActError | undefined> {
    lastId += 1
    const requestId = lastId
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        waiting.delete(requestId)
        resolve({ status: 500, message: `the supervisor did not answer within ${timeoutMs} ms` })
      }, timeoutMs)
      waiting.set(requestId, (error) => {
        clearTimeout(timer)
        resolve(error)
      })
      channel.send(build(requestId))
    })
  }
  return {
    act: (action, partId) => ask((requestId) => ({ type: 'act', requestId, action, partId })),
    link: (from, to, request) =>
      ask((requestId) => ({ type: 'act', requestId, action: 'link', from, to, request })),
    shutdown: () => ask((requestId) => ({ type: 'act', requestId, action: 'shutdown' })),
    tellMode: (mode, generation) => channel.send({ type: 'mode', mode, generation }),
  }
}

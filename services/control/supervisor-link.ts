import type { PartState } from '#contract/control.ts'
import type { LinkRequest, LinkState } from '#contract/links.ts'
import type { ModeName } from '#contract/modes.ts'
import type { RenewalSetting } from '#contract/renewal.ts'
import type {
  ActedMessage,
  ActMessage,
  PartAction,
  PartsMessage,
  RenewalMessage,
} from '#contract/supervision.ts'

/** The end of the IPC channel that control holds; `process` in real life. */
export interface Channel {
  send(message: object): void
  onMessage(listener: (message: unknown) => void): void
}

export type ActError = NonNullable<ActedMessage['error']>

type Outcome = Pick<ActedMessage, 'error' | 'partId'>

/** Who can start and signal processes. */
export interface SupervisorLink {
  /** Done, or why not. Never rejects. */
  act(action: PartAction, partId: string): Promise<ActError | undefined>
  link(from: string, to: string, request: LinkRequest): Promise<ActError | undefined>
  /** The id of the node that was added, or why none was. */
  add(): Promise<string | ActError>
  remove(nodeId: string): Promise<ActError | undefined>
  shutdown(): Promise<ActError | undefined>
  tellMode(mode: ModeName, generation: number): void
  tellRenewal(setting: RenewalSetting): void
}

/** Speaks contract/supervision.ts over a channel. */
export function connectSupervisor(
  channel: Channel,
  onParts: (parts: readonly PartState[], links?: readonly LinkState[]) => void,
  timeoutMs: number,
): SupervisorLink {
  let lastId = 0
  const waiting = new Map<number, (done: Outcome) => void>()
  channel.onMessage((raw) => {
    const message = raw as PartsMessage | ActedMessage
    if (message.type === 'parts') onParts(message.parts, message.links)
    if (message.type === 'acted') {
      waiting.get(message.requestId)?.(message)
      waiting.delete(message.requestId)
    }
  })
  function ask(build: (requestId: number) => ActMessage): Promise<Outcome> {
    lastId += 1
    const requestId = lastId
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        waiting.delete(requestId)
        resolve({
          error: { status: 500, message: `the supervisor did not answer within ${timeoutMs} ms` },
        })
      }, timeoutMs)
      waiting.set(requestId, (done) => {
        clearTimeout(timer)
        resolve(done)
      })
      channel.send(build(requestId))
    })
  }
  const tell = async (build: (requestId: number) => ActMessage) => (await ask(build)).error
  return {
    act: (action, partId) => tell((requestId) => ({ type: 'act', requestId, action, partId })),
    link: (from, to, request) =>
      tell((requestId) => ({ type: 'act', requestId, action: 'link', from, to, request })),
    async add() {
      const { error, partId = '' } = await ask((requestId) => ({ type: 'act', requestId, action: 'add' }))
      return error ?? partId
    },
    remove: (partId) => tell((requestId) => ({ type: 'act', requestId, action: 'remove', partId })),
    shutdown: () => tell((requestId) => ({ type: 'act', requestId, action: 'shutdown' })),
    tellRenewal: (setting) => channel.send({ type: 'renewal', setting } satisfies RenewalMessage),
    tellMode: (mode, generation) => channel.send({ type: 'mode', mode, generation }),
  }
}

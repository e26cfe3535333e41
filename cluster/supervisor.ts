import type { PartState } from '#contract/control.ts'
import type { LinkRequest, LinkState } from '#contract/links.ts'
import type { ModeName } from '#contract/modes.ts'
import type { RenewalSetting } from '#contract/renewal.ts'
import type {
  ActedMessage,
  ActMessage,
  ModeMessage,
  PartsMessage,
  RenewalMessage,
} from '#contract/supervision.ts'
import type { Child } from './child.ts'
import type { ActRefusal } from './managed-part.ts'
import type { SignalledPart } from './watch-store.ts'

/** The supervisor's end of control's IPC channel (contract/supervision.ts). */
export interface Supervisor {
  /** Tells control every part and link as it is now. */
  report(): void
}

export interface SupervisorOptions {
  readonly control: Child
  /** The parts that can be signalled, at the moment. */
  readonly parts: () => readonly SignalledPart[]
  /** All parts, also those that cannot. */
  readonly states: () => readonly PartState[]
  /** Undefined: they run without relays. */
  readonly links: () => readonly LinkState[] | undefined
  readonly onMode: (mode: ModeName, generation: number) => void
  readonly onRenewal: (setting: RenewalSetting) => void
  readonly onLink: (from: string, to: string, request: LinkRequest) => Promise<ActRefusal | undefined>
  /** Answers the id of the node that was added, or why none was. */
  readonly onAdd: () => Promise<string | ActRefusal>
  readonly onRemove: (nodeId: string) => Promise<ActRefusal | undefined>
  readonly onShutdown: () => void
}

/** Obeys control from now on. */
export function supervise(options: SupervisorOptions): Supervisor {
  const { control } = options
  control.onMessage((raw) => {
    const message = raw as ActMessage | ModeMessage | RenewalMessage
    if (message.type === 'renewal') options.onRenewal(message.setting)
    if (message.type === 'mode') options.onMode(message.mode, message.generation)
    if (message.type === 'act') void obey(message)
  })
  async function obey(message: ActMessage): Promise<void> {
    const done = await perform(message).catch((error: unknown): ActRefusal => {
      return { status: 500, message: error instanceof Error ? error.message : String(error) }
    })
    const outcome = typeof done === 'string' ? { partId: done } : done && { error: done }
    const answer: ActedMessage = { type: 'acted', requestId: message.requestId, ...outcome }
    control.send(answer)
    if (message.action === 'shutdown') options.onShutdown()
  }
  async function perform(message: ActMessage): Promise<ActRefusal | string | undefined> {
    if (message.action === 'shutdown') return undefined
    if (message.action === 'add') return options.onAdd()
    if (message.action === 'remove') return options.onRemove(message.partId)
    if (message.action === 'link') return options.onLink(message.from, message.to, message.request)
    const part = options.parts().find((candidate) => candidate.id === message.partId)
    if (part === undefined) {
      const known = options.states().some((state) => state.id === message.partId)
      const others = options.parts().map(({ id }) => id)
      return known
        ? { status: 409, message: `${message.partId} cannot be signalled; ${others.join(', ')} can` }
        : { status: 404, message: `there is no part ${message.partId}` }
    }
    return part.act(message.action)
  }
  return {
    report() {
      const links = options.links()
      const message: PartsMessage = { type: 'parts', parts: options.states(), ...(links && { links }) }
      control.send(message)
    },
  }
}

import type {
  CloseLinksMessage,
  LinkedMessage,
  LinkMessage,
  OpenLinksMessage,
  RelayPlan,
} from '#contract/links.ts'
import type { FailedMessage, ReadyMessage } from '#contract/supervision.ts'
import { openAlarm } from './alarm.ts'
import { openRelay, type Relay } from './relay.ts'
import { seededChance } from './seeded-chance.ts'

/** All relays of a cluster in one process, whose CPU is nobody's. Conditions come in over IPC. Leaves with its parent. */
function say(message: LinkedMessage | ReadyMessage | FailedMessage): void {
  if (process.connected) process.send?.(message)
}

async function main(): Promise<void> {
  const plans = JSON.parse(process.env['STILLIN_RELAYS'] ?? '[]') as readonly RelayPlan[]
  const chance = seededChance(Number(process.env['STILLIN_SEED'] ?? 1))
  const alarm = await openAlarm()
  const relays = new Map<string, Relay>()
  const open = async (plan: RelayPlan): Promise<void> => {
    relays.set(nameOf(plan), await openRelay(plan, alarm, chance))
  }
  const closeAll = async (part: string): Promise<void> => {
    for (const [name, relay] of relays) {
      if (!name.split(' ').includes(part)) continue
      relays.delete(name)
      await relay[Symbol.asyncDispose]()
    }
  }
  for (const plan of plans) await open(plan)
  process.on('message', async (message: LinkMessage | OpenLinksMessage | CloseLinksMessage) => {
    if (message.type === 'link') relays.get(nameOf(message))?.set(message.condition)
    else if (message.type === 'open') for (const plan of message.relays) await open(plan)
    else await closeAll(message.part)
    say({ type: 'linked', requestId: message.requestId })
  })
  process.on('disconnect', () => process.exit(0))
  process.on('SIGTERM', () => process.exit(0))
  process.on('SIGINT', () => {})
  say({ type: 'ready', pid: process.pid })
}

function nameOf({ from, to }: { from: string; to: string }): string {
  return `${from} ${to}`
}

main().catch((error: unknown) => {
  say({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
  process.exitCode = 1
  if (process.connected) process.disconnect()
})

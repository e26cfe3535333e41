import { once } from 'node:events'
import { createServer } from 'node:net'
import type { LinkCondition, RelayPlan } from '#contract/links.ts'
import { HEALTHY_LINK } from '#contract/links.ts'
import type { Alarm } from './alarm.ts'
import { createConnection, type RelayedConnection } from './relayed-connection.ts'

/** A link that can be slowed, cut or silenced while connections run through it. Disposing ends them. */
export interface Relay extends AsyncDisposable {
  readonly condition: LinkCondition
  /** Holds for what is under way too: a silence keeps it back, a cut resets it, a delay counts from the next bytes. */
  set(condition: LinkCondition): void
}

/** How many connections one relay carries; one more is reset. */
const MAX_CONNECTIONS = 512

/**
 * Listens on loopback and carries every connection to the target, byte by byte.
 * @param chance draws in [0, 1), for jitter.
 * @throws where the port is taken.
 */
export async function openRelay(
  plan: Pick<RelayPlan, 'port' | 'target'>,
  alarm: Alarm,
  chance: () => number,
): Promise<Relay> {
  let condition = HEALTHY_LINK
  const connections = new Set<RelayedConnection>()
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
    if (condition.cut || connections.size >= MAX_CONNECTIONS) {
      socket.on('error', () => {})
      socket.resetAndDestroy()
      return
    }
    const connection = createConnection(socket, plan.target, { alarm, chance, condition }, () =>
      connections.delete(connection),
    )
    connections.add(connection)
  })
  server.listen(plan.port, '127.0.0.1')
  await once(server, 'listening')
  return {
    get condition() {
      return condition
    },
    set(next) {
      condition = next
      for (const connection of [...connections]) {
        if (next.cut) connection.reset()
        else connection.set(next)
      }
    },
    async [Symbol.asyncDispose]() {
      server.close()
      for (const connection of [...connections]) connection.reset()
    },
  }
}

import { connect, type Socket } from 'node:net'
import type { LinkCondition } from '#contract/links.ts'
import { createFlow, type FlowSurroundings } from './flow.ts'

/** One connection through a relay: the side that dialled, the side that was dialled for it, and a flow each way. */
export interface RelayedConnection {
  set(condition: LinkCondition): void
  /** Both ends see a reset. */
  reset(): void
}

/**
 * Dials the target for a socket that was accepted. While the link is silent it is not dialled: the one who connects
 * sees an open connection (the kernel’s doing) and nothing more.
 */
export function createConnection(
  near: Socket,
  target: { host: string; port: number },
  { condition, ...surroundings }: FlowSurroundings & { condition: LinkCondition },
  onEnd: () => void,
): RelayedConnection {
  let far: Socket | undefined
  let flows: readonly ReturnType<typeof createFlow>[] = []
  let now = condition
  let over = false

  const finish = (abruptly: boolean): void => {
    if (over) return
    over = true
    for (const flow of flows) flow.discard()
    for (const socket of [near, far]) {
      if (abruptly) socket?.resetAndDestroy()
      else socket?.destroy()
    }
    onEnd()
  }
  const watch = (socket: Socket): void => {
    socket.on('error', () => finish(true))
    socket.on('close', () => {
      // The other direction may still have bytes to deliver.
      if (near.destroyed && (far === undefined || far.destroyed)) finish(false)
    })
  }
  const dial = (): void => {
    far = connect({ ...target, allowHalfOpen: true, noDelay: true })
    watch(far)
    flows = [createFlow(near, far, surroundings), createFlow(far, near, surroundings)]
    for (const flow of flows) flow.set(now)
  }
  watch(near)
  if (!condition.silent) dial()
  return {
    set(next) {
      now = next
      if (far === undefined && !next.silent && !over) dial()
      for (const flow of flows) flow.set(next)
    },
    reset: () => finish(true),
  }
}

import { createServer } from 'node:net'
import { EXIT, StillinError } from '#contract/errors.ts'

/**
 * Below the systems' ephemeral ranges (Linux 32768, macOS 49152), so that while a node is dead no client's own
 * connection can take the port that it comes back on.
 */
const FIRST = 20_000
const BLOCKS = 50
const BLOCK_SIZE = 200

/** First ports of the blocks that this process alone hands out: it listens on them for as long as it lives. */
const held: number[] = []
let holding: Promise<void> | undefined
let drawn = 0

/**
 * A port on 127.0.0.1 between 20000 and 29999 that nothing listens on, and that neither another process of ours nor,
 * lately, this one has handed out: between the look and the listening of who gets it, nobody else is given it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const count = held.length * (BLOCK_SIZE - 1)
    for (let tried = 0; tried < count; tried += 1) {
      const place = drawn % count
      drawn += 1
      const block = held[Math.floor(place / (BLOCK_SIZE - 1))] ?? FIRST
      const port = block + 1 + (place % (BLOCK_SIZE - 1))
      if (await isPortFree(port)) return port
    }
    holding ??= holdBlock().finally(() => {
      holding = undefined
    })
    await holding
  }
}

/** @throws StillinError where every block is held by somebody. */
async function holdBlock(): Promise<void> {
  for (let tried = 0; tried < BLOCKS; tried += 1) {
    const first = FIRST + ((process.pid + tried) % BLOCKS) * BLOCK_SIZE
    if (held.includes(first) || !(await listenAsGuard(first))) continue
    held.push(first)
    return
  }
  throw new StillinError(`no free port between ${FIRST} and ${FIRST + BLOCKS * BLOCK_SIZE - 1}`, {
    exitCode: EXIT.unavailable,
  })
}

/** Whoever connects to a guard is sent away. */
function listenAsGuard(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const guard = createServer((socket) => socket.destroy())
    guard.once('error', () => resolve(false))
    guard.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(true))
    guard.unref()
  })
}

/** Several at once, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  for (let index = 0; index < count; index += 1) ports.push(await freePort())
  return ports
}

/** Can this port be bound on that address now? */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/** @throws StillinError naming the port and what it was wanted for, when something listens on it. */
export async function demandPort(port: number, purpose: string, host = '127.0.0.1'): Promise<number> {
  if (await isPortFree(port, host)) return port
  throw new StillinError(`port ${port}, wanted for ${purpose}, is in use`, {
    exitCode: EXIT.unavailable,
    hint: 'Choose another one, or stop what listens there.',
  })
}

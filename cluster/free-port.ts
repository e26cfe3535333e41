import { createServer } from 'node:net'
import { EXIT, StillinError } from '#contract/errors.ts'

/**
 * Below the systems' ephemeral ranges (Linux 32768, macOS 49152), so that while a node is dead no client's own
 * connection can take the port that it comes back on.
 */
const FIRST = 20_000
const COUNT = 10_000
/** Neighbouring processes start their search this far apart, so that labs started together rarely meet. */
const STRIDE = 64

let offset = (process.pid * STRIDE) % COUNT

/** A port on 127.0.0.1 between 20000 and 29999 that nothing listens on, and that this process has not handed out lately. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < COUNT; tried += 1) {
    const port = FIRST + offset
    offset = (offset + 1) % COUNT
    if (await isPortFree(port)) return port
  }
  throw new StillinError(`no free port between ${FIRST} and ${FIRST + COUNT - 1}`, {
    exitCode: EXIT.unavailable,
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

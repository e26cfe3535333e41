import { LAB } from '#contract/lab.ts'
import type { ClusterOptions } from './cluster.ts'
import { demandPort, freePort } from './free-port.ts'

/** The addresses of one part, fixed for the cluster's life. */
export interface PartAddress {
  readonly id: string
  readonly port: number
  readonly adminPort: number
}

/** Who listens where. */
export interface AddressPlan {
  readonly nodes: readonly PartAddress[]
  readonly proxy: PartAddress
  readonly controlPort: number
  /** Absent unless a shop was asked for. */
  readonly shopPort: number | undefined
}

/** Finds a port for every listener. @throws StillinError when one that was asked for is in use. */
export async function planAddresses(options: ClusterOptions): Promise<AddressPlan> {
  const nodes: PartAddress[] = []
  for (let index = 1; index <= (options.nodes ?? LAB.nodes); index += 1) {
    nodes.push({ id: `node-${index}`, port: await freePort(), adminPort: await freePort() })
  }
  return {
    nodes,
    proxy: {
      id: 'proxy',
      port: await wantedOrFree(options.proxyPort, 'the proxy'),
      adminPort: await freePort(),
    },
    controlPort: await wantedOrFree(options.controlPort, 'control'),
    shopPort: options.shop ? await freePort() : undefined,
  }
}

export function localUrl(port: number): string {
  return `http://127.0.0.1:${port}`
}

function wantedOrFree(port: number | undefined, purpose: string): Promise<number> {
  return port === undefined || port === 0 ? freePort() : demandPort(port, purpose)
}

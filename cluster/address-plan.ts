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
  /** Changes when a node is added or taken out. */
  readonly nodes: PartAddress[]
  readonly proxy: PartAddress
  readonly controlPort: number
  /** Absent unless a shop was asked for. */
  readonly shopPort: number | undefined
}

/** Finds a port for every listener. @throws StillinError when one that was asked for is in use. */
export async function planAddresses(options: ClusterOptions): Promise<AddressPlan> {
  const nodes: PartAddress[] = []
  for (let number = 1; number <= (options.nodes ?? LAB.nodes); number += 1) {
    nodes.push(await planNode(number))
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

/** The addresses of one node. */
export async function planNode(number: number): Promise<PartAddress> {
  return { id: `node-${number}`, port: await freePort(), adminPort: await freePort() }
}

export function localUrl(port: number): string {
  return `http://127.0.0.1:${port}`
}

function wantedOrFree(port: number | undefined, purpose: string): Promise<number> {
  return port === undefined || port === 0 ? freePort() : demandPort(port, purpose)
}

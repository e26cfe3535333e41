import { startForeignProxy } from '#cluster/proxies/foreign-proxy.ts'
import { startProxy } from '#cluster/standalone-proxy.ts'
import { FORWARDER_NAMES } from '#contract/environment.ts'
import type { ProxyArmName } from '#contract/result.ts'
import type { Lab } from '../lab/lab.ts'

/** A way to the nodes: through a proxy, or directly. */
export interface ProxyArm {
  readonly name: ProxyArmName
  readonly urls: readonly string[]
  /** Whose CPU is counted; undefined: there is no proxy. */
  readonly pid: number | undefined
  readonly version: string
}

/**
 * Starts every proxy that can be had before the lab's nodes: ours with each forwarder, HAProxy and nginx. All of them
 * run through the whole comparison, and one at a time is asked.
 * @param stack owns what is started.
 */
export async function openProxyArms(
  lab: Lab,
  stack: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<{ arms: ProxyArm[]; leftOut: string[] }> {
  const nodes = lab.cluster.nodes().map(({ id, url }) => ({ id, url, port: Number(new URL(url).port) }))
  const arms: ProxyArm[] = [
    { name: 'direct', urls: nodes.map(({ url }) => url), pid: undefined, version: '' },
  ]
  const leftOut: string[] = []
  for (const forwarder of FORWARDER_NAMES) {
    const listen = { host: '127.0.0.1', port: 0 }
    const proxy = stack.use(
      await startProxy({
        listen,
        upstreams: nodes,
        balancer: 'round-robin',
        affinity: 'none',
        forwarder,
        signal,
      }),
    )
    arms.push({
      name: forwarder,
      urls: [proxy.url],
      pid: proxy.pid,
      version: `Node ${process.versions.node}`,
    })
  }
  for (const name of ['haproxy', 'nginx'] as const) {
    const proxy = await startForeignProxy(name, nodes, signal)
    if (proxy) {
      stack.use(proxy)
      arms.push({ name, urls: [proxy.url], pid: proxy.pid, version: proxy.version })
    } else leftOut.push(`${name}: left out, because it is not installed`)
  }
  return { arms, leftOut }
}

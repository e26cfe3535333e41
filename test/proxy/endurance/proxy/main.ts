import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { ForwarderName } from '#contract/environment.ts'
import { createProxy } from '../../../../proxy/proxy.ts'
import { DEFAULT_SETTINGS } from '../../../../proxy/settings.ts'

/** A proxy with its ordinary settings, as a process that tells what it holds after a collection. */
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const [forwarder, ...urls] = process.argv.slice(2)
const proxy = await createProxy(
  {
    mode: 'local',
    generation: 1,
    forwarder: forwarder as ForwarderName,
    algorithm: 'round-robin',
    affinity: { kind: 'cookie' },
    upstreams: urls.map((url, i) => ({ id: `n${i + 1}`, url: new URL(url) })),
    cookieSecret: new Uint8Array(32),
    tls: false,
    adminToken: undefined,
    trustedProxies: [],
    accessLog: undefined,
  },
  DEFAULT_SETTINGS,
)
const held = (kind: string): number => process.getActiveResourcesInfo().filter((name) => name === kind).length

process.on('message', () => {
  for (let i = 0; i < 3; i += 1) collect()
  const { clientAborts, retries, retriesDenied, cutOff, heldBytes } = proxy.counters
  process.send?.({
    heapBytes: process.memoryUsage().heapUsed,
    externalBytes: process.memoryUsage().external,
    rssBytes: process.memoryUsage().rss,
    sockets: held('TCPSocketWrap'),
    timers: held('Timeout'),
    inFlight: proxy.pool.members.reduce((sum, { inFlight }) => sum + inFlight, 0),
    heldBytes,
    clientAborts,
    retries,
    retriesDenied,
    cutOff,
  })
})
process.on('disconnect', () => process.exit(0))
proxy.server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (proxy.server.address() as AddressInfo).port })
})

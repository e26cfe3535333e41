import { join } from 'node:path'
import type { ForwarderName, ProxyAlgorithm, ProxyEnvironment } from '#contract/environment.ts'
import { startChild } from './child.ts'
import { entryPoint } from './entry-point.ts'
import { demandPort, freePort } from './free-port.ts'
import { createKeyRing, createToken, writeKeyRing } from './keys.ts'
import type { EnvironmentOf } from './part-environment.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface Listen {
  readonly host: string
  readonly port: number
}

export interface Upstream {
  readonly id?: string
  readonly url: string
}

export interface ProxyOptions {
  readonly listen: Listen
  readonly upstreams: readonly (Upstream & { readonly id: string })[]
  readonly balancer: ProxyAlgorithm
  /** `none`, `cookie`, `hash:COOKIE` or `hash:header:NAME`. */
  readonly affinity: string
  readonly forwarder: ForwarderName | undefined
  /** Of the private listener; a free port unless given. */
  readonly adminPort?: number | undefined
  readonly signal: AbortSignal | undefined
  /** Another program in the place of our own, for tests. */
  readonly entry?: string
}

/** The proxy without a cluster. */
export interface StandaloneProxy extends AsyncDisposable {
  readonly url: string
  readonly adminUrl: string
  readonly adminToken: string
  readonly pid: number
  /** Resolves with what happened when it ended by itself. */
  readonly ended: Promise<string>
}

/** A little more than the proxy gives what is in flight. */
const DRAIN_GRACE_MS = 12_000

/** Starts the proxy in front of any service. @throws StillinError when its port is taken or it does not start. */
export async function startProxy(options: ProxyOptions): Promise<StandaloneProxy> {
  await using resources = new AsyncDisposableStack()
  const folder = resources.use(await temporaryFolder())
  const keysFile = join(folder.path, 'keys.json')
  await writeKeyRing(keysFile, createKeyRing('HS256'))
  const { listen } = options
  const port = listen.port === 0 ? await freePort() : await demandPort(listen.port, 'the proxy', listen.host)
  const adminPort =
    options.adminPort === undefined
      ? await freePort()
      : await demandPort(options.adminPort, 'the admin listener')
  const adminToken = createToken()
  const env: EnvironmentOf<ProxyEnvironment> = {
    STILLIN_HOST: listen.host,
    STILLIN_PORT: String(port),
    STILLIN_ADMIN_PORT: String(adminPort),
    STILLIN_ADMIN_TOKEN: adminToken,
    STILLIN_KEYS_FILE: keysFile,
    STILLIN_UPSTREAMS: options.upstreams.map(({ id, url }) => `${id}=${url}`).join(','),
    STILLIN_FORWARDER: options.forwarder,
    STILLIN_BALANCER: options.balancer,
    STILLIN_AFFINITY: options.affinity,
  }
  const child = resources.use(
    await startChild({
      entry: options.entry ?? entryPoint('proxy/main'),
      name: 'proxy',
      env: { ...env },
      signal: options.signal,
    }),
  )
  // It finishes what is in flight for 10 s by itself.
  resources.defer(async () => {
    await child.stop(DRAIN_GRACE_MS)
  })
  const owned = resources.move()
  return {
    url: child.ready.url ?? `http://${listen.host}:${port}`,
    adminUrl: child.ready.adminUrl ?? `http://127.0.0.1:${adminPort}`,
    adminToken,
    pid: child.pid,
    ended: child.exited.then(({ code, signal }) =>
      `${signal ?? `exit code ${code}`} ${child.output()}`.trim(),
    ),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

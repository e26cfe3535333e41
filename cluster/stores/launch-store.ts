import { chown } from 'node:fs/promises'
import { freePort } from '../free-port.ts'
import type { Missing } from '../redis/redis-server.ts'
import { runServer } from '../redis/run-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import type { KnownServer } from './known-server.ts'
import type { StoreOrigin, StoreServer } from './store-server.ts'

/** `nobody`: both servers refuse to run as root, and their data must lie outside root's home. */
const NOBODY = { uid: 65_534, gid: 65_534 } as const

/** A program that can be run. */
export interface StoreProgram {
  readonly origin: StoreOrigin
  readonly file: string
  /** E.g. LD_LIBRARY_PATH of one that was unpacked and not installed. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * Runs a server on a free port of loopback in a temporary folder until it answers. It dies with this process, and the
 * folder with it. `missing` says why it did not come up.
 */
export async function launchStore(
  known: KnownServer,
  program: StoreProgram,
  signal: AbortSignal | undefined,
): Promise<StoreServer | Missing> {
  const resources = new AsyncDisposableStack()
  const { origin, file, environment } = program
  try {
    const folder = resources.use(await temporaryFolder())
    const user = process.getuid?.() === 0 ? NOBODY : undefined
    if (user !== undefined) await chown(folder.path, user.uid, user.gid)
    const place = { file, folder: folder.path, port: await freePort(), environment, user, signal }
    const { args, url, endSignal } = await known.prepare(place)
    const ask = async () => 'version' in (await known.probe(url))
    const server = await runServer(
      { file, args, environment, folder: folder.path, user, ready: { ask }, ...(endSignal && { endSignal }) },
      signal,
    )
    let isEnding = false
    resources.defer(() => {
      isEnding = true
      return server.end()
    })
    const probe = await known.probe(url)
    if ('problem' in probe) throw new Error(probe.problem)
    const ended = Promise.withResolvers<string>()
    void server.exited.then((how) => isEnding || ended.resolve(how))
    const owned = resources.move()
    return {
      store: { name: known.name, url },
      pid: server.pid,
      version: probe.version,
      origin,
      description: `${file} ${probe.version}`,
      ended: ended.promise,
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    }
  } catch (error) {
    await resources.disposeAsync()
    signal?.throwIfAborted()
    return { missing: `${file} did not start: ${error instanceof Error ? error.message : error}` }
  }
}

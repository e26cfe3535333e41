import { once } from 'node:events'
import { connect } from 'node:net'
import type { Probe } from '../redis/probe.ts'
import type { KnownServer } from './known-server.ts'

const ANSWER_MS = 1_500

/** A real memcached with 64 MB, its own default; TCP on loopback alone. It makes room by dropping what is oldest. */
export const MEMCACHED: KnownServer = {
  name: 'memcached',
  title: 'memcached',
  program: 'memcached',
  package: { folder: 'memcached', name: 'memcached', wanted: /^(memcached|lib)/ },
  folders: async (root) => [`${root}/usr/bin`, `${root}/usr/local/bin`],
  shape: /^memcached:\/\/[^/\s@]+:\d{1,5}$/,
  example: 'memcached://127.0.0.1:11211',
  probe: probeMemcached,
  prepare: async ({ port }) => ({
    args: ['-l', '127.0.0.1', '-p', String(port), '-U', '0', '-m', '64'],
    url: `memcached://127.0.0.1:${port}`,
    // On SIGTERM it takes a second to leave, and it has nothing to put away.
    endSignal: 'SIGKILL',
  }),
}

/** Asks for its version in the text protocol. */
async function probeMemcached(url: string): Promise<Probe> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  const signal = AbortSignal.timeout(ANSWER_MS)
  try {
    await once(socket, 'connect', { signal })
    socket.write('version\r\n')
    const [answer] = (await once(socket, 'data', { signal })) as [Buffer]
    const version = /^VERSION (\S+)/.exec(answer.toString())?.[1]
    return version === undefined
      ? { problem: `it answered ${JSON.stringify(answer.toString().slice(0, 40))}` }
      : { version }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  } finally {
    socket.destroy()
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FailedMessage, ReadyMessage } from '#contract/supervision.ts'

const MAIN = new URL('../../proxy/main.ts', import.meta.url).pathname

/** A small HTTP server as a process of its own, so that it can be killed. It prints its port. */
const UPSTREAM = `
const { createServer } = require('node:http')
const id = process.argv[1]
const server = createServer({ keepAliveTimeout: 5000 }, (request, response) => {
  request.resume()
  const slow = request.url === '/slow' ? 400 : 0
  setTimeout(() => {
    response.writeHead(200, { 'content-length': 2, 'x-served-by': id })
    response.end('ok')
  }, slow)
})
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.send({ port: server.address().port }))
process.on('disconnect', () => process.exit(0))
`

export interface UpstreamProcess {
  id: string
  url: string
  process: ChildProcess
}

export async function startUpstream(id: string, port = 0): Promise<UpstreamProcess> {
  const child = spawn(process.execPath, ['-e', UPSTREAM, id, String(port)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [{ port: bound }] = (await once(child, 'message')) as [{ port: number }]
  return { id, url: `http://127.0.0.1:${bound}`, process: child }
}

export interface ProxyProcess {
  process: ChildProcess
  /** What it said first; undefined when it ended without a word. */
  said: ReadyMessage | FailedMessage | undefined
  stderr: () => string
  exit: Promise<number | null>
}

/** Starts proxy/main.ts with this environment (and nothing else of STILLIN_*), and waits for its first word. */
export async function startProxyProcess(environment: Record<string, string>): Promise<ProxyProcess> {
  const outside = Object.entries(process.env).filter(([name]) => !name.startsWith('STILLIN_'))
  const child = spawn(process.execPath, [MAIN], {
    env: { ...Object.fromEntries(outside), ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let stderr = ''
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  const exit = once(child, 'exit').then(([code]) => code as number | null)
  const said = await Promise.race([
    once(child, 'message').then(([message]) => message as ReadyMessage | FailedMessage),
    exit.then(() => undefined),
  ])
  return { process: child, said, stderr: () => stderr, exit }
}

/** A key ring in a file; removed at the end of the scope. */
export async function keysFile(): Promise<{ path: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'stillin-proxy-'))
  const path = join(folder, 'keys.json')
  await writeFile(path, JSON.stringify({ cookieSecret: Buffer.alloc(32, 5).toString('base64url') }), {
    mode: 0o600,
  })
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

/** Ends a child and waits for it. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}

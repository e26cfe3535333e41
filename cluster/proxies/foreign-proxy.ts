import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { StillinError } from '#contract/errors.ts'
import { inheritedEnvironment, searchPath } from '../config.ts'
import { findProgram } from '../find-program.ts'
import { freePort } from '../free-port.ts'
import { openLifeline } from '../lifeline.ts'
import { keepTail } from '../output-tail.ts'
import { runProgram } from '../redis/run-program.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { waitUntil } from '../wait-until.ts'
import { haproxyConfiguration } from './haproxy-configuration.ts'
import { nginxConfiguration } from './nginx-configuration.ts'
import type { ProxyPlan } from './proxy-plan.ts'

export type ForeignProxyName = 'haproxy' | 'nginx'

/** A proxy that is not ours, before the same nodes. */
export interface ForeignProxy extends AsyncDisposable {
  readonly name: ForeignProxyName
  readonly url: string
  /** Of the process that was started; it may have children. */
  readonly pid: number
  readonly version: string
}

interface Program {
  configuration(plan: ProxyPlan): string
  args(file: string, folder: string): readonly string[]
  versionArgs: readonly string[]
}

const PROGRAMS: Readonly<Record<ForeignProxyName, Program>> = {
  haproxy: { configuration: haproxyConfiguration, args: (file) => ['-db', '-f', file], versionArgs: ['-v'] },
  nginx: {
    configuration: nginxConfiguration,
    args: (file, folder) => ['-p', folder, '-e', 'stderr', '-c', file],
    versionArgs: ['-v'],
  },
}

/** Distributions keep servers where an ordinary user's PATH does not lead. */
const SERVER_FOLDERS = '/usr/local/sbin:/usr/sbin:/sbin'
const READY_MS = 5_000
const STOP_GRACE_MS = 2_000

/**
 * Starts HAProxy or nginx with a generated configuration on a free port. It dies with this process.
 * @returns undefined where the program is not installed.
 * @throws StillinError with its own words where it does not start.
 */
export async function startForeignProxy(
  name: ForeignProxyName,
  nodes: ProxyPlan['nodes'],
  signal?: AbortSignal,
): Promise<ForeignProxy | undefined> {
  const program = PROGRAMS[name]
  const file = await findProgram(name, `${searchPath()}:${SERVER_FOLDERS}`)
  if (file === undefined) return undefined
  await using resources = new AsyncDisposableStack()
  const folder = resources.use(await temporaryFolder())
  const port = await freePort()
  const configurationFile = join(folder.path, `${name}.conf`)
  await writeFile(configurationFile, program.configuration({ port, nodes }))
  const said = await runProgram(file, program.versionArgs, { timeoutMs: READY_MS, signal })
  const lifeline = await openLifeline()
  const [command, args] = lifeline.wrap(file, [...program.args(configurationFile, folder.path)])
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: inheritedEnvironment(),
    cwd: folder.path,
    detached: true,
  })
  const output = keepTail(child.stdout, child.stderr)
  let ended = false
  const exited = new Promise<void>((resolve) => {
    for (const event of ['exit', 'error'])
      child.once(event, () => {
        ended = true
        resolve()
      })
  })
  resources.defer(async () => {
    if (ended) return
    child.kill('SIGTERM')
    if ((await Promise.race([exited, delay(STOP_GRACE_MS, 'late', { ref: false })])) === 'late')
      child.kill('SIGKILL')
    await exited
  })
  if (child.pid !== undefined) resources.defer(lifeline.hold(child.pid))
  await waitUntil(
    async () => {
      if (ended) throw new StillinError(`${name} did not start: ${output()}`)
      return await accepts(port)
    },
    { what: `${name} accepting connections`, timeoutMs: READY_MS, intervalMs: 20, signal },
  )
  const owned = resources.move()
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    version: /\d+\.\d+(?:\.\d+)?/.exec(said.stdout + said.stderr)?.[0] ?? 'unknown',
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

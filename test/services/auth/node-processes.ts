import type { ChildProcess } from 'node:child_process'
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freshKeyRing } from './keys.ts'
import { nodeEnvironment, temporaryFolder } from './test-node.ts'

export const MAIN = join(import.meta.dirname, '../../../services/auth/main.ts')

export interface Ready {
  type: string
  pid: number
  url: string
  adminUrl: string
}

/** Nodes started as processes, in one folder; disposing ends whatever still runs. */
export class NodeProcesses implements AsyncDisposable {
  readonly folder = temporaryFolder()
  readonly #children: ChildProcess[] = []

  environment(more: Record<string, string> = {}, keys = freshKeyRing()): NodeJS.ProcessEnv {
    return { PATH: process.env['PATH'], ...nodeEnvironment(this.folder.path, keys, more) }
  }

  /** Ends this child too when the test is over. */
  own(child: ChildProcess): ChildProcess {
    this.#children.push(child)
    return child
  }

  async started(more: Record<string, string> = {}): Promise<[ChildProcess, Ready]> {
    const env = this.environment(more)
    const child = this.own(fork(MAIN, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }))
    const [message] = (await once(child, 'message')) as [Ready]
    return [child, message]
  }

  /** Runs main.ts without a parent that listens; answers its exit code and what it said. */
  async ended(env: NodeJS.ProcessEnv): Promise<{ code: number | null; said: string }> {
    const child = this.own(spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'ignore', 'pipe'] }))
    let said = ''
    child.stderr?.on('data', (chunk) => {
      said += chunk
    })
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, said }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    this.folder[Symbol.dispose]()
  }
}

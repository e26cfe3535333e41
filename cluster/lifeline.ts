import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { inheritedEnvironment, searchPath } from './config.ts'
import { entryPoint } from './entry-point.ts'
import { findProgram } from './find-program.ts'

/** lab → guardian: end this when I am gone, or forget it. */
export type GuardianMessage =
  | { guard: boolean; pid: number }
  | { guard: boolean; name: string; command: readonly string[] }

/** How a child is kept from outliving this process, even when this process is killed with SIGKILL. */
export interface Lifeline {
  /** The program and arguments to spawn instead. */
  wrap(file: string, args: readonly string[]): [file: string, args: string[]]
  /** To be called with the pid once it is spawned; the answer is called when it has ended. */
  hold(pid: number): () => void
}

/**
 * `setpriv --pdeathsig KILL` where there is one (Linux): the kernel does it, also to a child that is stopped, and the
 * pid stays the child's own. Elsewhere the guardian.
 */
export async function openLifeline(path: string = searchPath()): Promise<Lifeline> {
  const setpriv = await findProgram('setpriv', path)
  if (setpriv !== undefined) {
    return {
      wrap: (file, args) => [setpriv, ['--pdeathsig', 'KILL', '--', file, ...args]],
      hold: () => () => {},
    }
  }
  return { wrap: (file, args) => [file, [...args]], hold: (pid) => entrust({ guard: true, pid }) }
}

/** Runs the command when this process is gone, unless the answer was called before. */
export function runWhenGone(name: string, command: readonly string[]): () => void {
  return entrust({ guard: true, name, command })
}

let guardian: ChildProcess | undefined

function entrust(message: GuardianMessage): () => void {
  if (guardian?.connected !== true) guardian = startGuardian()
  const current = guardian
  current.send(message, () => {})
  return () => {
    if (current.connected) current.send({ ...message, guard: false }, () => {})
  }
}

function startGuardian(): ChildProcess {
  const child = fork(entryPoint('cluster/guardian/main'), {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: inheritedEnvironment(),
    execArgv: [],
  })
  // It must not keep this process alive: it ends by noticing that this process has ended.
  child.unref()
  child.channel?.unref()
  return child
}

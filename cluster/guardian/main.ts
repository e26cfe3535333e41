/**
 * A process of its own that outlives its parent by a moment: when the parent is gone, however it went, everything that
 * was entrusted to it is ended. Used where the system has no parent-death signal, and for what is not a child (a container).
 */
import { spawnSync } from 'node:child_process'
import type { GuardianMessage } from '../lifeline.ts'

const pids = new Set<number>()
const commands = new Map<string, readonly string[]>()

process.on('message', (message: GuardianMessage) => {
  if ('pid' in message) message.guard ? pids.add(message.pid) : pids.delete(message.pid)
  else if (message.guard) commands.set(message.name, message.command)
  else commands.delete(message.name)
})

process.on('disconnect', () => {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Already gone, which is what was wanted.
    }
  }
  for (const [file, ...args] of commands.values()) {
    if (file !== undefined) spawnSync(file, args, { stdio: 'ignore', timeout: 20_000 })
  }
  process.exit(0)
})

// Ctrl-C in a terminal must not take the guardian before it has done its work.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

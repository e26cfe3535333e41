import { readFile } from 'node:fs/promises'
import type { PartCondition } from '#contract/control.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { ForeignAction, ForeignNode, ForeignService } from '#contract/foreign.ts'
import type { Cluster, NodeHandle } from '../cluster.ts'
import { waitUntil } from '../wait-until.ts'
import { runCommand } from './run-command.ts'

/** The nodes of a service that is not ours, through the commands of its file. */
export interface ForeignCluster extends Cluster {
  /** Why this cannot be done to every node; undefined: it can. */
  lacks(action: ForeignAction): string | undefined
  /** Its process on this host now; undefined: the file does not say, or it is not running. */
  pidOf(nodeId: string): Promise<number | undefined>
  /** What the file's `cpu` prints, µs; undefined: there is none. */
  cpuUsOf(nodeId: string): Promise<number | undefined>
}

const ANSWER_MS = 2_000
const DEAD_MS = 2_000
const BACK_MS = 30_000
const INTERVAL_MS = 50

/** @param deadMs within which a node must stop answering once it has been killed. */
export function foreignCluster({ name, nodes, target }: ForeignService, deadMs = DEAD_MS): ForeignCluster {
  const conditions = new Map<string, PartCondition>(nodes.map(({ id }) => [id, 'ready']))

  const nodeOf = (id: string): ForeignNode => {
    const found = nodes.find((node) => node.id === id)
    if (found !== undefined) return found
    throw new StillinError(`there is no node ${JSON.stringify(id)} in ${name}`, { exitCode: EXIT.usage })
  }
  const command = (id: string, action: ForeignAction): readonly string[] => {
    const line = nodeOf(id).commands[action]
    if (line !== undefined) return line
    throw new StillinError(`${name}: /commands/${action} is not in its file`, { exitCode: EXIT.usage })
  }
  const act = async (id: string, action: ForeignAction, becomes: PartCondition): Promise<void> => {
    await runCommand(command(id, action))
    conditions.set(id, becomes)
  }
  const answers = async (url: string): Promise<boolean> => {
    const answer = await fetch(url + target.requests.lookup.path, {
      method: target.requests.lookup.method,
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
    }).catch(() => undefined)
    await answer?.body?.cancel()
    return answer !== undefined
  }

  async function kill(id: string): Promise<void> {
    await act(id, 'kill', 'stopped')
    const { url, commands } = nodeOf(id)
    // Where nobody is told to start it, whoever watches over it may have done so already.
    if (url === undefined || commands.start === undefined) return
    await waitUntil(async () => !(await answers(url)), {
      what: `${name}: the kill command of ${id} ended well, and that the node stopped answering`,
      timeoutMs: deadMs,
      intervalMs: INTERVAL_MS,
    })
  }
  async function start(id: string): Promise<void> {
    const { url, commands } = nodeOf(id)
    if (commands.start !== undefined) await runCommand(commands.start)
    if (url !== undefined)
      await waitUntil(() => answers(url), {
        what: `${name}: that ${id} answers again`,
        timeoutMs: BACK_MS,
        intervalMs: INTERVAL_MS,
      })
    conditions.set(id, 'ready')
  }
  const refuse = (what: string) => async (): Promise<never> => {
    throw new StillinError(`${name}: ${what} wants a cluster of stillin`, { exitCode: EXIT.usage })
  }
  return {
    nodes: () => nodes.map((node) => toHandle(node, conditions.get(node.id) ?? 'ready')),
    kill,
    start,
    pause: (id) => act(id, 'pause', 'paused'),
    resume: (id) => act(id, 'resume', 'ready'),
    lacks: (action) => {
      if (nodes.length === 0) return 'its file names no /nodes'
      const without = nodes.find(({ commands }) => commands[action] === undefined)
      return without && `its file has no /commands/${action} for ${without.id}`
    },
    pidOf: async (id) => {
      const { pid, pidFile } = nodeOf(id)
      if (pidFile === undefined) return pid
      const text = await readFile(pidFile, 'utf8').catch(() => '')
      return /^\d+$/.test(text.trim()) ? Number(text) : undefined
    },
    async cpuUsOf(id) {
      const line = nodeOf(id).commands.cpu
      if (line === undefined) return undefined
      const printed = (await runCommand(line)).trim()
      const seconds = Number(printed)
      if (printed !== '' && seconds >= 0) return seconds * 1e6
      throw new StillinError(`${name}: /commands/cpu must print seconds, not ${JSON.stringify(printed)}`, {
        exitCode: EXIT.usage,
      })
    },
    stop: refuse('an orderly end'),
    addNode: refuse('one more node'),
    removeNode: refuse('a node less'),
    drain: refuse('a drain'),
    endDrain: refuse('a drain'),
    link: refuse('a link that can be slowed or cut'),
    setMode: refuse('a switch of the mode'),
    renewBy: refuse('another way of renewal'),
    whenHealthy: refuse('the proxy’s opinion'),
    setClock: refuse('a clock that can be set'),
    seed: refuse('a login without a password'),
    askRedis: refuse('a command to Redis'),
    rotateKeys: refuse('a rotation of keys'),
    signingKey: refuse('a stolen key'),
    [Symbol.asyncDispose]: async () => {},
  }
}

function toHandle({ id, url = '', pid }: ForeignNode, condition: PartCondition): NodeHandle {
  return { id, url, adminUrl: '', pid, condition }
}

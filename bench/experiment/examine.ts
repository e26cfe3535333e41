import { examineMachine } from '#bench/measure/examine-machine.ts'
import { examineTools } from '#cluster/examine/examine-tools.ts'
import type { MachineFinding } from '#contract/machine.ts'

/** Everything stillin can use, and how this machine stands. Nothing is started, fetched or changed. */
export async function examine(redisUrl: string | undefined): Promise<readonly MachineFinding[]> {
  const node: MachineFinding = {
    name: 'Node',
    condition: 'ready',
    here: process.versions.node,
    neededFor: 'everything; it came with the install',
    toGet: null,
  }
  const [tools, machine] = await Promise.all([examineTools(redisUrl), examineMachine()])
  return [node, ...tools, ...machine]
}

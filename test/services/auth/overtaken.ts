import { expect } from 'vitest'
import type { TestNode } from './test-node.ts'

/** Starts a request, waits until it is held at the gate, runs what overtakes it, lets it go on. */
export async function overtaken<T>(
  node: TestNode,
  gate: string,
  start: () => Promise<T>,
  overtake: () => Promise<unknown>,
): Promise<T> {
  await node.admin('PUT', `/gates/${gate}`, { held: true })
  const held = start()
  expect(await (await node.admin('GET', `/gates/${gate}`)).json()).toEqual({ waiting: 1 })
  // Whoever comes now waits as well: what overtakes must take another way than the gate.
  await overtake()
  await node.admin('PUT', `/gates/${gate}`, { held: false })
  return held
}

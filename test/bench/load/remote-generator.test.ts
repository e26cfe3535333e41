import { fork } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import type { Sample } from '#bench/load/plan.ts'
import { generatorOver } from '#bench/load/remote-generator.ts'
import { planFor, plantServer } from './planted-server.ts'

/** The generator as a process of its own, gone when disposed. */
async function startGenerator() {
  const child = fork(new URL('../../../bench/load/main.ts', import.meta.url), { execArgv: [] })
  const [ready] = (await once(child, 'message')) as [{ type: string; pid: number }]
  expect(ready).toMatchObject({ type: 'ready', pid: child.pid })
  const generator = generatorOver({
    send: (message) => void child.send(message as object),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', listener),
  })
  return {
    child,
    generator,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      if (child.connected) child.disconnect()
      await exit
    },
  }
}

test('plans go in; edges, samples and the window come out, run after run', async () => {
  await using server = await plantServer((request) => request.answer())
  await using remote = await startGenerator()
  const edges: string[] = []
  const samples: Sample[] = []
  const open = await remote.generator.run(planFor(server.url, { kind: 'open', keepSamples: true }), {
    onEdge: (edge) => edges.push(edge),
    onSamples: (batch) => samples.push(...batch),
  })
  expect(edges).toEqual(['start', 'end'])
  expect(open.outcomes.ok).toBe(open.intended)
  expect(samples.length).toBeGreaterThan(open.intended)
  const closed = await remote.generator.run(planFor(server.url, {}))
  expect(closed.kind).toBe('closed')
  expect(closed.outcomes.ok).toBeGreaterThan(10)
})

test('a plan that it refuses comes back as its error, and it goes on', async () => {
  await using server = await plantServer((request) => request.answer())
  await using remote = await startGenerator()
  await expect(remote.generator.run(planFor(server.url, { connections: 0 }))).rejects.toThrow('0')
  expect((await remote.generator.run(planFor(server.url, {}))).outcomes.ok).toBeGreaterThan(10)
})

test('an aborted run rejects at once, and the next one is its own', async () => {
  await using server = await plantServer((request) => request.answer())
  await using remote = await startGenerator()
  const abort = new AbortController()
  const run = remote.generator.run(
    planFor(server.url, { kind: 'open', windowMs: 60_000 }),
    { onEdge: () => abort.abort(new Error('enough')) },
    abort.signal,
  )
  await expect(run).rejects.toThrow('enough')
  const next = await remote.generator.run(planFor(server.url, { kind: 'open' }))
  expect(next.outcomes.ok).toBe(next.intended)
})

test('a generator that dies in mid-run is an error, not a wait', async () => {
  await using server = await plantServer((request) => request.answer())
  await using remote = await startGenerator()
  const run = remote.generator.run(planFor(server.url, { windowMs: 60_000 }), {
    onEdge: () => void remote.child.kill('SIGKILL'),
  })
  await expect(run).rejects.toThrow('ended in the middle of a run')
  await expect(remote.generator.run(planFor(server.url, {}))).rejects.toThrow('not running')
})

test('it leaves when its channel closes, in mid-run too', async () => {
  await using server = await plantServer((request) => request.answer())
  await using remote = await startGenerator()
  const run = remote.generator.run(planFor(server.url, { kind: 'open', windowMs: 60_000 }), {
    onEdge: () => remote.child.disconnect(),
  })
  await expect(run).rejects.toThrow()
  if (remote.child.exitCode === null) await once(remote.child, 'exit')
  expect(remote.child.exitCode).toBe(0)
})

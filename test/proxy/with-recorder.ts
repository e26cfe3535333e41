import { afterAll, afterEach, beforeAll } from 'vitest'
import type { ForwarderName } from '#contract/environment.ts'
import type { ProxyConfig } from '../../proxy/proxy.ts'
import type { ProxySettings } from '../../proxy/settings.ts'
import { RawClient } from './raw-client.ts'
import { Recorder } from './recorder.ts'
import { eventually, quickSettings, type RunningProxy, startProxy } from './running-proxy.ts'

export interface Bench {
  readonly recorders: readonly Recorder[]
  /** The first of them, where there is one. */
  readonly recorder: Recorder
  readonly running: RunningProxy
  /** Connects a client that is closed after the test. */
  open(): RawClient
}

/** A proxy before recorders (`node-1`, …) for all tests of the suite it is called in. */
export function withRecorders(
  forwarder: ForwarderName,
  count: number,
  settings: ProxySettings = quickSettings(),
  config: Partial<ProxyConfig> = {},
): Bench {
  const recorders = Array.from({ length: count }, () => new Recorder())
  const clients: RawClient[] = []
  let running: RunningProxy | undefined
  const started = (): RunningProxy => {
    if (!running) throw new Error('asked for before the suite has begun')
    return running
  }
  beforeAll(async () => {
    const upstreams: Record<string, string> = {}
    for (const [i, recorder] of recorders.entries()) upstreams[`node-${i + 1}`] = await recorder.listen()
    running = await startProxy(forwarder, upstreams, { settings, config })
    await eventually(() => started().proxy.pool.members.every((upstream) => upstream.health === 'up'))
  })
  afterEach(() => {
    for (const client of clients.splice(0)) client.destroy()
    for (const recorder of recorders) recorder.reset()
  })
  afterAll(async () => {
    await running?.[Symbol.asyncDispose]()
    for (const recorder of recorders) await recorder.close()
  })
  return {
    recorders,
    get recorder() {
      const [first] = recorders
      if (!first) throw new Error('a bench without recorders')
      return first
    },
    get running() {
      return started()
    },
    open() {
      const client = new RawClient(started().url)
      clients.push(client)
      return client
    },
  }
}

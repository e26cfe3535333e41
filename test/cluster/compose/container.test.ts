import { describe, expect, it } from 'vitest'
import { type Container, toContainer, toPart } from '#cluster/compose/container.ts'
import { inspected } from './containers.ts'

function container(...args: Parameters<typeof inspected>): Container {
  const found = toContainer(inspected(...args))
  if (found === undefined) throw new Error('no part')
  return found
}

describe('a container', () => {
  it('of a node is a part called by its address in the network that all share', () => {
    const node = container('node', 2, { address: '10.0.0.5' })
    expect(toPart(node, undefined)).toEqual({
      id: 'node-10-0-0-5',
      kind: 'node',
      condition: 'ready',
      names: ['shop_node_2', 'node-2'],
      pid: 102,
      url: 'http://10.0.0.5:3000',
      adminUrl: 'http://10.0.0.5:3001',
    })
  })

  it('that was stopped keeps the name and the address by which it was known', () => {
    const known = toPart(container('node', 1, { address: '10.0.0.5' }), undefined)
    const stopped = toPart(container('node', 1, { status: 'exited' }), known)
    expect(stopped).toMatchObject({ id: 'node-10-0-0-5', url: known.url, condition: 'stopped' })
    expect('pid' in stopped).toBe(false)
  })

  it('that never had an address goes by the name that Compose gave it', () => {
    expect(toPart(container('node', 3, { status: 'exited' }), undefined)).toMatchObject({
      id: 'shop_node_3',
      condition: 'stopped',
    })
  })

  it('says whether it is paused, which of its ports is published, and what it was told', () => {
    const proxy = container('proxy', 1, {
      status: 'paused',
      address: '10.0.0.9',
      port: '8080',
      env: ['STILLIN_FORWARDER=undici', 'A=b=c'],
    })
    expect(proxy).toMatchObject({
      condition: 'paused',
      published: { 8080: '127.0.0.1:18080' },
      environment: { STILLIN_FORWARDER: 'undici', A: 'b=c' },
    })
    expect(toPart(proxy, undefined)).toMatchObject({ id: 'proxy', adminUrl: 'http://10.0.0.9:8081' })
  })

  it('that is no part is left out', () => {
    expect(toContainer(inspected('bench', 1))).toBeUndefined()
  })
})

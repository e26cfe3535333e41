import { Agent } from 'undici'
import { afterAll, describe, expect, test } from 'vitest'
import { listedPeers, peersByName } from '#services/auth/sessions/replication/peer-directory.ts'
import { PeerLink } from '#services/auth/sessions/replication/peer-link.ts'
import { PeerLinks } from '#services/auth/sessions/replication/peer-links.ts'

const dispatcher = new Agent()
afterAll(() => dispatcher.destroy())

function connect(peer: PeerLink['peer']): PeerLink {
  return new PeerLink({ peer, nodeId: 'me', incarnation: 'a', adminToken: 't', dispatcher, timeoutMs: 1_000 })
}

function byName(addresses: readonly string[] | undefined): PeerLinks {
  const directory = peersByName('node-*', 'http://auth:3001', 'node-10-0-0-1', async () => {
    if (addresses === undefined) throw new Error('EAI_AGAIN')
    return addresses
  })
  return new PeerLinks(directory, connect)
}

const peersOf = (links: PeerLinks) => links.all.map(({ peer }) => `${peer.id} ${peer.adminUrl}`)

describe('links by name', () => {
  test('lead to every address of the name but this node’s own', async () => {
    const links = byName(['10.0.0.1', '10.0.0.2'])
    expect(await links.find()).toBe(true)
    expect(peersOf(links)).toEqual(['node-10-0-0-2 http://10.0.0.2:3001'])
  })

  test('are made at once for a node that speaks before it was found, and for nobody else', () => {
    const links = byName([])
    expect(links.of('node-10-0-0-9')?.peer.adminUrl).toBe('http://10.0.0.9:3001')
    expect(links.of('node-10-0-0-1')).toBeUndefined()
    expect(links.of('somebody')).toBeUndefined()
  })

  test('end when the name does not lead there any more, unless the node still answers', async () => {
    const links = byName(['10.0.0.2'])
    links.of('node-10-0-0-3')
    links.of('node-10-0-0-4')?.markReachable()
    await links.find()
    expect(links.all.map(({ peer }) => peer.id).sort()).toEqual(['node-10-0-0-2', 'node-10-0-0-4'])
  })

  test('stay as they are while the name cannot be resolved', async () => {
    const links = byName(undefined)
    links.of('node-10-0-0-3')
    expect(await links.find()).toBe(false)
    expect(links.all).toHaveLength(1)
  })
})

test('fixed links are there from the beginning and stay', async () => {
  const links = new PeerLinks(listedPeers([{ id: 'node-2', adminUrl: 'http://127.0.0.1:1' }]), connect)
  expect(peersOf(links)).toEqual(['node-2 http://127.0.0.1:1'])
  expect(await links.find()).toBe(true)
  expect(links.all).toHaveLength(1)
  expect(links.of('node-3')).toBeUndefined()
})

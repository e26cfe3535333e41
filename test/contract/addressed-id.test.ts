import { describe, expect, it } from 'vitest'
import { addressedId, addressOfId, atAddress, isAddressedId, ownAddress } from '#contract/addressed-id.ts'

describe('an id that ends with a star', () => {
  it('is completed with an address, and leads back to it', () => {
    expect(isAddressedId('node-*')).toBe(true)
    expect(addressedId('node-*', '172.18.0.4')).toBe('node-172-18-0-4')
    expect(addressOfId('node-*', 'node-172-18-0-4')).toBe('172.18.0.4')
  })

  it('leads to no address from an id that was not made of it', () => {
    for (const id of ['node-1', 'web-172-18-0-4', 'node-172-18-0', 'node-172-18-0-4-5'])
      expect(addressOfId('node-*', id)).toBeUndefined()
  })
})

describe('a node’s own address', () => {
  it('is the one that its name resolves to', () => {
    expect(ownAddress(['10.0.0.5', '10.0.0.6'], ['127.0.0.1', '172.19.0.2', '10.0.0.6'], 'auth')).toBe(
      '10.0.0.6',
    )
    expect(() => ownAddress(['10.0.0.5'], ['172.19.0.2'], 'auth')).toThrow('none of which is an address')
  })
})

it('a URL keeps its port at another address', () => {
  expect(atAddress('http://auth:3000', '10.0.0.5')).toBe('http://10.0.0.5:3000')
})

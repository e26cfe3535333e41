import { isIPv4 } from 'node:net'
import { expect, test } from 'vitest'
import { loopbackAddress } from '#bench/load/loopback-address.ts'

test('each connection to a loopback target has a valid address of its own, far beyond any run', () => {
  const addresses = Array.from(
    { length: 2000 },
    (_, index) => loopbackAddress(index, '127.0.0.1', 'linux') ?? '',
  )
  expect(addresses[0]).toBe('127.0.1.1')
  expect(new Set(addresses).size).toBe(2000)
  expect(addresses.every(isIPv4)).toBe(true)
})

test('a target elsewhere, or a system that knows 127.0.0.1 alone, gets none', () => {
  expect(loopbackAddress(0, '10.0.0.1', 'linux')).toBeUndefined()
  expect(loopbackAddress(0, 'localhost', 'linux')).toBeUndefined()
  expect(loopbackAddress(0, '127.0.0.1', 'darwin')).toBeUndefined()
})

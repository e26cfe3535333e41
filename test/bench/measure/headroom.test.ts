import { expect, test } from 'vitest'
import { checkHeadroom, readHeadroom } from '#bench/measure/headroom.ts'

test('this machine says what it allows, where it is Linux', async () => {
  const { fileDescriptors, ports } = await readHeadroom()
  if (process.platform !== 'linux') return expect([fileDescriptors, ports]).toEqual([null, null])
  expect(fileDescriptors).toBeGreaterThan(100)
  expect(ports).toBeGreaterThan(1000)
})

test('connections that would not fit twice void the run', () => {
  expect(checkHeadroom({ fileDescriptors: 1024, ports: 28_232 }, 32)).toMatchObject({
    ok: true,
    voids: 'run',
  })
  expect(checkHeadroom({ fileDescriptors: 1024, ports: 28_232 }, 500).ok).toBe(false)
  expect(checkHeadroom({ fileDescriptors: 1_000_000, ports: 100 }, 64).ok).toBe(false)
  expect(checkHeadroom({ fileDescriptors: null, ports: null }, 5000).ok).toBe(true)
})

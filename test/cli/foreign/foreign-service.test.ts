import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { foreignService, refuseOnForeign } from '#bench/cli/foreign/foreign-service.ts'

const EXAMPLE = fileURLToPath(new URL('../../../deploy/attach-foreign.json', import.meta.url))

it('attach:FILE is read by its fields, and nothing else is a service', () => {
  expect(foreignService(`attach:${EXAMPLE}`)?.name).toBe('shop, staging')
  expect([undefined, 'compose', 'attach:'].map(foreignService)).toEqual([undefined, undefined, undefined])
})

it('a flag that decides about a cluster of ours is refused, with those that can be given', () => {
  const flags = { cluster: `attach:${EXAMPLE}`, rate: 50, modes: undefined, windowMs: undefined }
  expect(() => refuseOnForeign(flags, ['rate'])).not.toThrow()
  expect(() => refuseOnForeign({ ...flags, jwtVerifier: 'node' }, ['rate', 'windowMs'])).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: expect.stringContaining('--jwt-verifier has no meaning'),
      hint: expect.stringContaining('--rate, --window-ms'),
    }),
  )
})

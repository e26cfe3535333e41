import { describe, expect, test } from 'vitest'
import { Client } from './client.ts'
import { testNode } from './test-node.ts'

describe.each(['cookie', 'jwt'] as const)('data that the client carries in %s', (mode) => {
  test('is refused when the credential would exceed 4096 bytes, and the old one stays good', async () => {
    await using node = await testNode({ STILLIN_MODE: mode })
    const client = new Client(node.url)
    await client.login()
    expect((await client.write({ text: 'x'.repeat(2_000) })).status).toBe(200)
    const [header = ''] = Object.values(client.headers)
    expect(header.length).toBeGreaterThan(2_000)
    const refused = await client.write({ text: 'x'.repeat(4_000) })
    expect(refused).toMatchObject({ status: 413, body: { error: 'credential_too_large' } })
    expect(refused.body?.['message']).toMatch(/4096 bytes/)
    expect((await client.me()).status).toBe(200)
  })

  test('does not lengthen the login', async () => {
    await using node = await testNode({ STILLIN_MODE: mode, STILLIN_LIFETIME_S: '100' })
    const client = new Client(node.url)
    await client.login()
    node.advance(60_000)
    const answer = await client.write({ a: 1 })
    const left =
      mode === 'jwt'
        ? Number(answer.body?.['expiresInS'])
        : Number(/Max-Age=(\d+)/.exec(answer.headers.getSetCookie()[0] ?? '')?.[1])
    expect(left).toBeGreaterThan(35)
    expect(left).toBeLessThanOrEqual(40)
  })
})

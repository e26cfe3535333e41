import { describe, expect, test } from 'vitest'
import { AffinityCookie } from '../../../proxy/balance/affinity-cookie.ts'

describe('the affinity cookie', () => {
  const secret = Buffer.alloc(32, 7)
  const cookie = new AffinityCookie(secret, false)

  test('is Secure and bound to the host under TLS', () => {
    expect(new AffinityCookie(secret, true).setCookie('n')).toMatch(
      /^__Host-stillin_affinity=n\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    )
  })

  test('is understood by another proxy with the same secret, and by none with another', () => {
    expect(new AffinityCookie(secret, false).take(cookie.pair('node-1')).nodeId).toBe('node-1')
    expect(new AffinityCookie(Buffer.alloc(32, 8), false).take(cookie.pair('node-1')).nodeId).toBeUndefined()
  })

  test.each([
    ['another node under the same signature', cookie.pair('node-1').replace('node-1', 'node-2')],
    ['a cut signature', cookie.pair('node-1').slice(0, -1)],
    ['no signature', 'stillin_affinity=node-1'],
    ['an empty value', 'stillin_affinity='],
    ['a dot alone', 'stillin_affinity=.'],
  ])('with %s pins nobody', (_title, pair) => {
    expect(cookie.take(pair)).toEqual({ nodeId: undefined, rest: undefined })
  })

  test('is taken out wherever it stands, the first valid one counting, and others by similar names stay', () => {
    const header = `a=1;${cookie.pair('n1')}; xstillin_affinity=no; ${cookie.pair('n2')} ;b=2`
    expect(cookie.take(header)).toEqual({ nodeId: 'n1', rest: 'a=1; xstillin_affinity=no; b=2' })
  })
})

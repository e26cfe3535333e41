import { describe, expect, it } from 'vitest'
import type { CsrfDemo } from '#contract/csrf.ts'
import type { DemoMode } from '#contract/demo.ts'
import { EXIT } from '#contract/errors.ts'
import type { Life } from '#contract/life.ts'
import type { PayloadDemo } from '#contract/payload.ts'
import type { SsoDemo } from '#contract/sso.ts'
import { runStillin, withFolder } from './run-stillin.ts'

/** What is shown to people, from the real commands on real clusters. */

async function linesOf<Line>(args: readonly string[]): Promise<Line[]> {
  return await withFolder(async (folder) => {
    const { code, stdout, stderr } = await runStillin(folder, args).ended
    expect(stderr).toBe('')
    expect(code).toBe(EXIT.ok)
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
  })
}

const answers = (demo: DemoMode | undefined, step: number) =>
  demo?.steps[step]?.nodes.map(({ answer }) => answer).sort()

describe('stillin demo', () => {
  it('shows what a crash and a logout do, mode by mode', { timeout: 60_000 }, async () => {
    const [local, redis, jwt] = await linesOf<DemoMode>(['demo', '--modes', 'local,redis,jwt', '--json'])
    expect(answers(local, 0)).toEqual(['in', 'out', 'out'])
    expect(answers(local, 1)).toEqual(['dead', 'out', 'out'])
    expect(local?.steps[0]?.viaProxy).toMatchObject({ asked: 6, accepted: 2 })
    expect(answers(redis, 0)).toEqual(['in', 'in', 'in'])
    expect(answers(redis, 1)).toEqual(['dead', 'in', 'in'])
    expect(redis?.steps[1]?.viaProxy).toMatchObject({ asked: 6, accepted: 6 })
    expect(answers(redis, 2)).toEqual(['out', 'out', 'out'])
    expect(answers(jwt, 2)).toEqual(['in', 'in', 'in'])
    expect(jwt?.sentence).toContain('still accepts the old credential')
  })

  it('shows what a client without cookies loses', { timeout: 60_000 }, async () => {
    const args = ['demo', '--modes', 'sticky', '--nodes', '2', '--client', 'no-cookies', '--json']
    const [sticky] = await linesOf<DemoMode>(args)
    expect(sticky?.steps[0]?.viaProxy).toMatchObject({ asked: 6, accepted: 0 })
    expect(sticky?.logoutStatus).toBe(401)
    expect(sticky?.sentence).toContain('without the affinity cookie')
  })
})

describe('stillin demo csrf', () => {
  it('forges what SameSite lets through, and nothing that is protected', { timeout: 60_000 }, async () => {
    const [cookie, jwt] = await linesOf<CsrfDemo>([
      ...['demo', 'csrf', '--modes', 'cookie,jwt'],
      ...['--nodes', '1', '--json'],
    ])
    const done = (demo: CsrfDemo | undefined, table: number, route: 'unprotected' | 'protected') =>
      demo?.tables[table]?.rows.filter((row) => row[route].result === 'done').map(({ attack }) => attack)
    const sisters = ['form POST', 'form POST, JSON as text/plain', 'fetch no-cors, no body', 'image']
    expect(done(cookie, 0, 'unprotected')).toEqual(['link clicked', ...sisters])
    expect(done(cookie, 1, 'unprotected')).toEqual([...sisters, 'link clicked', ...sisters])
    expect(done(jwt, 0, 'unprotected')).toEqual([])
    for (const demo of [cookie, jwt]) {
      expect(demo?.tables.flatMap((_, at) => done(demo, at, 'protected'))).toEqual([])
      expect(demo?.victimStillIn).toBe(true)
    }
    const asked = cookie?.tables[1]?.rows.filter(({ unprotected }) => unprotected.result === 'not-sent')
    expect(asked?.map(({ attack }) => attack)).toEqual(['fetch with x-csrf', 'fetch with x-csrf'])
  })
})

describe('stillin demo sso', () => {
  it('takes a login to a second service, which goes on alone', { timeout: 60_000 }, async () => {
    const [pushed] = await linesOf<SsoDemo>([
      'demo',
      'sso',
      '--modes',
      'jwt-pushed',
      '--nodes',
      '1',
      '--json',
    ])
    expect(pushed?.steps).toEqual([
      { name: 'login', auth: 'in', shop: 'in' },
      { name: 'auth-dead', auth: 'cannot-tell', shop: 'in' },
      { name: 'new-key', auth: 'in', shop: 'in' },
      { name: 'logout', auth: 'out', shop: 'in' },
    ])
    expect(pushed).toMatchObject({ check: 'offline', algorithm: 'ES256' })
    expect(pushed?.rotation?.fetches).toBeGreaterThanOrEqual(1)
    expect(pushed?.rotation?.forged.accepted).toBe(0)
    expect(pushed?.rotation?.forged.fetches).toBeLessThan(20)
  })
})

describe('stillin demo payload', () => {
  it('shows what a look saves, and that it protects nothing', { timeout: 60_000 }, async () => {
    const [jwt] = await linesOf<PayloadDemo>(['demo', 'payload', '--modes', 'jwt', '--nodes', '1', '--json'])
    const seen = jwt?.rows.map(({ client, good, over }) => [
      client,
      ...[good, over].flatMap((phase) => (phase ? [phase.keptBack, phase.reached, phase.accepted] : [])),
    ])
    expect(seen).toEqual([
      ['blind', 0, 10, 10, 0, 10, 0],
      ['looks', 0, 10, 10, 10, 0, 0],
      ['later-end', 0, 10, 0, 0, 10, 0],
      ['as-admin', 0, 10, 0, 0, 10, 0],
      ['slow-clock', 0, 10, 10, 0, 10, 0],
      ['fast-clock', 10, 0, 0, 10, 0, 0],
      ['logged-out', 0, 10, 10],
    ])
  })
})

describe('stillin life', () => {
  it('tells a login from its beginning to after its end', { timeout: 60_000 }, async () => {
    const [redis, jwt] = await linesOf<Life>(['life', '--modes', 'redis,jwt', '--json'])
    const from = (life: Life | undefined, request: string) => {
      const steps = life?.steps ?? []
      return steps.slice(steps.findIndex((step) => step.request === request))
    }
    const statuses = (life: Life | undefined, request: string, count: number) =>
      from(life, request)
        .slice(0, count)
        .map(({ status }) => status)
    for (const life of [redis, jwt]) expect(statuses(life, 'POST /login', 4)).toEqual([200, 200, 200, 200])
    expect(statuses(redis, 'POST /logout', 5)).toEqual([204, 401, 401, 401, 401])
    expect(statuses(jwt, 'POST /logout', 5)).toEqual([204, 200, 200, 200, 200])
    expect(jwt?.steps[0]?.answer).toMatch(/a token of \d+ bytes/)
    expect(from(redis, 'POST /logout')[0]?.answer).toContain('takes hold: at-once')
  })
})

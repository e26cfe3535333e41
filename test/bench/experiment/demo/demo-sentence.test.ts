import { describe, expect, it } from 'vitest'
import { demoSentence } from '../../../../bench/experiment/demo/demo-sentence.ts'
import type { DemoStep, StillIn } from '../../../../contract/demo.ts'
import type { ModeName } from '../../../../contract/modes.ts'

const step = (name: DemoStep['name'], answers: StillIn[], accepted: number): DemoStep => ({
  name,
  nodes: answers.map((answer, index) => ({ id: `node-${index + 1}`, answer })),
  viaProxy: { asked: 6, accepted },
})
const demo = (mode: ModeName, steps: DemoStep[]) =>
  demoSentence({ mode, summary: '', loginNode: 'node-1', logoutStatus: 204, steps })

describe('the sentence of a demonstration', () => {
  it('tells of memory behind round robin', () => {
    const sentence = demo('local', [
      step('login', ['in', 'out', 'out'], 2),
      step('crash', ['dead', 'out', 'out'], 0),
      step('logout', ['out', 'out', 'out'], 0),
    ])
    expect(sentence).toBe(
      'Only node-1 knows the login, and the proxy finds it in 2 of 6 requests; its crash logs the user out; nothing was left to log out.',
    )
  })

  it('tells of a store that everybody asks', () => {
    const sentence = demo('redis', [
      step('login', ['in', 'in', 'in'], 6),
      step('crash', ['dead', 'in', 'in'], 6),
      step('logout', ['out', 'out', 'out'], 0),
    ])
    expect(sentence).toBe(
      'Every node accepts the login; the crash logs nobody out; the logout holds everywhere at once.',
    )
  })

  it('tells of a token that outlives its logout', () => {
    const sentence = demo('jwt', [
      step('login', ['in', 'in', 'in'], 6),
      step('crash', ['dead', 'in', 'in'], 6),
      step('logout', ['in', 'in', 'in'], 6),
    ])
    expect(sentence).toContain(
      'after the logout every node still accepts the old credential, until it expires (300 s)',
    )
  })

  it('does not call a bound at once, and says what was promised of a node that is late', () => {
    const before = [step('login', ['in', 'in', 'in'], 6), step('crash', ['dead', 'in', 'in'], 6)]
    expect(demo('jwt-pushed', [...before, step('logout', ['out', 'out', 'out'], 0)])).toContain(
      'no node accepts the old credential (promised within 1000 ms)',
    )
    expect(demo('jwt-pushed', [...before, step('logout', ['out', 'in', 'out'], 2)])).toContain(
      'node-2 still accepts the old credential, for at most 1000 ms as the mode promises',
    )
  })

  it('does not call everywhere what a node was silent about, nor a logout what was refused', () => {
    const before = [step('login', ['in', 'in', 'in'], 6), step('crash', ['dead', 'in', 'in'], 6)]
    const silent = demo('redis', [...before, step('logout', ['dead', 'out', 'out'], 0)])
    expect(silent).toContain(
      'no node that answered accepts the old credential (node-1 said neither yes nor no)',
    )
    expect(silent).not.toContain('everywhere')
    const unsure = [step('login', ['in', 'in', 'in'], 6), step('crash', ['dead', 'unclear', 'unclear'], 0)]
    const shy = demo('redis', [...unsure, step('logout', ['unclear', 'unclear', 'unclear'], 0)])
    expect(shy).toContain('after the crash no node accepts the login, and not all could tell')
    expect(shy).not.toContain('logs the user out')
    const steps = [...before, step('logout', ['in', 'in', 'in'], 6)]
    expect(
      demoSentence({ mode: 'redis', summary: '', loginNode: 'node-1', logoutStatus: 503, steps }),
    ).toContain('the logout was not acknowledged (503), and every node still accepts the old credential.')
  })

  it('follows what was seen and not the name of the mode', () => {
    const sentence = demo('redis', [
      step('login', ['in', 'in', 'in'], 6),
      step('crash', ['dead', 'in', 'in'], 5),
      step('logout', ['out', 'in', 'out'], 2),
    ])
    expect(sentence).toContain('5 of 6 requests')
    expect(sentence).toContain('node-2 still accepts')
  })

  it('says what a client without cookies loses, and where it loses nothing', () => {
    const out = (name: DemoStep['name']) => step(name, ['out', 'out', 'out'], 0)
    const lost = ['login', 'crash', 'logout'] as const
    const steps = lost.map((name) => ({ ...out(name), viaProxy: { asked: 6, accepted: 0, nodes: 3 } }))
    const say = (mode: ModeName, seen: DemoStep[]) =>
      demoSentence({
        mode,
        summary: '',
        client: 'no-cookies',
        loginNode: 'node-1',
        logoutStatus: 401,
        steps: seen,
      })
    expect(say('redis', steps)).toBe(
      'The cookie that is the login was not kept: 0 of 6 requests were let in; there is nothing to log out (the logout is answered 401).',
    )
    expect(say('sticky', steps)).toContain('without the affinity cookie 3 different nodes answered them')
    const kept = lost.map((name) => step(name, ['in', 'in', 'in'], 6))
    expect(say('jwt', kept)).toMatch(/^The token goes in a header and needs no cookie. Every node accepts/)
  })
})

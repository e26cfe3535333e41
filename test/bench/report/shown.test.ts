import { describe, expect, it } from 'vitest'
import { renderDemoHead, renderDemoMode } from '#bench/report/terminal/demo-grid.ts'
import { renderLife } from '#bench/report/terminal/life-story.ts'
import type { DemoMode } from '#contract/demo.ts'

const demo: DemoMode = {
  mode: 'sticky',
  summary: '',
  loginNode: 'node-2',
  logoutStatus: 204,
  steps: [
    {
      name: 'login',
      nodes: [
        { id: 'node-1', answer: 'out' },
        { id: 'node-2', answer: 'in' },
        { id: 'node-3', answer: 'unclear' },
      ],
      viaProxy: { asked: 6, accepted: 6 },
    },
    { name: 'crash', nodes: [{ id: 'node-2', answer: 'dead' }], viaProxy: { asked: 6, accepted: 0 } },
  ],
  sentence: `A sentence ${'that goes on and on '.repeat(12)}until it ends.`,
}

describe('the grid of the demonstration', () => {
  it('marks each node’s answer and counts the proxy’s', () => {
    const text = renderDemoMode(demo, false)
    expect(text.split('\n')[0]).toMatch(/^ {2}sticky +○ ● \? {3}6\/6 +✕ {3}0\/6$/)
    expect(renderDemoHead(false)).toContain('● still in   ○ out   ✕ node is down')
  })

  it('fits 100 columns, and has no colour unless asked', () => {
    for (const line of renderDemoMode(demo, false).split('\n')) expect(line.length).toBeLessThanOrEqual(100)
    const [, ...narrow] = renderDemoMode(demo, false, 60).split('\n')
    for (const line of narrow) expect(line.length).toBeLessThanOrEqual(60)
    expect(renderDemoMode(demo, false)).not.toContain('\u001b')
    expect(renderDemoMode(demo, true)).toContain('\u001b')
  })
})

describe('the life of a login', () => {
  const life = {
    mode: 'jwt',
    summary: 'a signed token',
    renewal: 'fixed',
    steps: [
      { request: 'POST /login', node: 'node-1', status: 200, answer: `user-2; ${'words '.repeat(30)}` },
      {
        chapter: 'asked elsewhere',
        request: 'GET /me at node-2',
        node: '',
        status: 0,
        answer: 'connect_refused',
      },
    ],
  } as const

  it('is a line a step, longer answers indented beneath', () => {
    const lines = renderLife(life, { colour: false, width: 80 }).split('\n')
    expect(lines[0]).toBe('jwt: a signed token')
    expect(lines[1]).toMatch(/^ {2}POST \/login {14}node-1 {3}200 {2}user-2/)
    expect(lines.at(-2)).toMatch(/GET \/me at node-2 .* – {4}connect_refused/)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('says what begins, and how the login is made to last where that is not as usual', () => {
    const rolling = {
      ...life,
      renewal: 'rolling',
      summary: 'a token, told at great length '.repeat(4),
    } as const
    const text = renderLife(rolling, { colour: false, width: 80 })
    expect(text).toContain('\n  — asked elsewhere\n')
    expect(text).toContain('renewal rolling')
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })
})

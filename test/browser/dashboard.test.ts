import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findChromium } from '#cluster/chromium/find-chromium.ts'
import { isRunning } from '../cluster/processes.ts'
import { screenshot, visit } from './lab.ts'
import { useDashboard } from './use-dashboard.ts'

const chromium = await findChromium(process.env['PATH'] ?? '')
const title = chromium ? 'the dashboard' : 'the dashboard (skipped: no Chromium on the PATH of this machine)'

describe.skipIf(chromium === undefined)(title, () => {
  const board = useDashboard(chromium ?? '')
  /** The newest login as its client would send it. */
  async function credentialOf(): Promise<{ cookie: string }> {
    const card = board.page.locator('.credential').first()
    return { cookie: (await card.locator('pre').first().textContent()) ?? '' }
  }

  it('takes the token out of the address, and keeps it over a reload', async () => {
    expect(board.page.url()).not.toContain('token')
    await board.page.reload()
    await board.page.waitForSelector('body[data-ready]')
    expect(board.visited.weight()).toBeLessThan(150_000)
  })

  it('says what is missing without the token, and with a wrong one', async () => {
    const context = await board.browser.newContext()
    const stranger = await context.newPage()
    await stranger.goto(board.lab.cluster.control.url)
    await stranger.getByText('needs the link').waitFor()
    await stranger.goto('about:blank')
    await stranger.goto(`${board.lab.cluster.control.url}/#token=wrong`)
    await stranger.getByText('not this cluster’s').waitFor()
    await context.close()
  })

  it('says so while control is silent, greys what is old, and stops saying it', async () => {
    await using visited = await visit(board.browser, board.lab.cluster)
    const { page } = visited
    await page.getByText('Connected').waitFor()
    await page.route('**/dashboard/state*', (route) => route.abort())
    await page.getByText('Control does not answer').waitFor()
    expect(await page.locator('body[data-stale]').count()).toBe(1)
    await page.unroute('**/dashboard/state*')
    await page.getByText('Connected').waitFor()
    expect(await page.locator('body[data-stale]').count()).toBe(0)
    await page.route('**/dashboard/state*', (route) => route.fulfill({ status: 401, json: {} }))
    await page.getByText('not this cluster’s').waitFor()
    await page.unroute('**/dashboard/state*')
    // The link that was printed, pasted into the same tab, changes nothing but the fragment.
    const { url, token } = board.lab.cluster.control
    await page.goto(`${url}/#token=${token}`)
    await page.getByText('Connected').waitFor()
    expect(page.url()).not.toContain('token')
  })

  it('forgets what it said of its own switch when another terminal switches', async () => {
    await board.switchTo('cookie')
    await board.page.getByText('Mode cookie, generation').waitFor()
    const { url, token } = board.lab.cluster.control
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ mode: 'jwt' })
    expect((await fetch(`${url}/mode`, { method: 'PUT', headers, body })).status).toBe(200)
    await expect.poll(() => board.page.inputValue('#mode')).toBe('jwt')
    expect(await board.page.textContent('#mode-said')).toBe('')
  })

  it('counts nobody as logged out while nobody is logged in', async () => {
    expect(await board.page.textContent('#headline')).toBe(
      '– people logged out: none are logged in, so none can be lost',
    )
  })

  it('kills and starts the real process of a node', async () => {
    const pid = (await board.partOf('node-2'))?.pid ?? 0
    await board.page.click('#kill-node-2')
    await board.tag('node-2', 'stopped')
    expect(isRunning(pid)).toBe(false)
    await board.page.click('#start-node-2')
    await board.tag('node-2', 'ready')
    expect(isRunning((await board.partOf('node-2'))?.pid ?? 0)).toBe(true)
  })

  it('pauses, drains and resumes a node', async () => {
    const pid = (await board.partOf('node-3'))?.pid ?? 0
    await board.page.click('#pause-node-3')
    await board.tag('node-3', 'paused')
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^State:\s+T/m)
    await board.page.click('#resume-node-3')
    await board.tag('node-3', 'ready')
    await board.page.click('#drain-node-3')
    await board.tag('node-3', 'draining')
    await board.page.click('#resume-node-3')
    await board.tag('node-3', 'ready')
    expect((await board.partOf('node-3'))?.condition).toBe('ready')
  })

  it('adds a node, and forgets one that is taken out', async () => {
    await board.page.click('#you-login')
    const answersOfIt = board.page.locator('.credential').first().getByRole('rowheader', { name: 'node-4' })
    await board.page.click('#add-node')
    await board.tag('node-4', 'ready')
    expect(isRunning((await board.partOf('node-4'))?.pid ?? 0)).toBe(true)
    await expect.poll(() => answersOfIt.count()).toBe(1)
    const { url, token } = board.lab.cluster.control
    const removal = { method: 'DELETE', headers: { authorization: `Bearer ${token}` } }
    expect((await fetch(`${url}/nodes/node-4`, removal)).status).toBe(204)
    await expect.poll(() => board.page.locator('#kill-node-4').count()).toBe(0)
    await expect.poll(() => answersOfIt.count()).toBe(0)
  })

  it('switches the mode, and shows what each node says of a login that is over', async () => {
    await board.switchTo('redis')
    await board.page.click('#you-login')
    // Not the login before this one, which the nodes let in a moment ago.
    await board.page.locator('.credential', { hasText: 'mode redis' }).first().waitFor()
    await expect.poll(() => board.answers('in')).toBe(3)
    await board.page.click('#you-logout')
    await expect.poll(() => board.page.textContent('#you-said')).toContain('logout: 204')
    await expect.poll(() => board.answers('out')).toBe(3)
    await board.page.locator('.credential').first().getByText('Ended by logout').waitFor()
  })

  it.each([
    ['logout-all', 'log out everywhere'],
    ['password', 'password change'],
    ['demote', 'demotion to user'],
    ['ban', 'ban'],
  ])('ends every login by %s', async (action, how) => {
    await board.switchTo('redis')
    for (const [button, said] of [
      ['unban', 'lifted'],
      ['promote', 'promotion'],
      ['login', 'login: 200'],
    ] as const) {
      await board.page.click(`#you-${button}`)
      await expect.poll(() => board.page.textContent('#you-said')).toContain(said)
    }
    await expect.poll(() => board.answers('in')).toBe(3)
    await board.page.click(`#you-${action}`)
    const over = board.page.locator('.credential', { hasText: `Ended by ${how}` }).first()
    await expect.poll(() => over.locator('[data-answer=out]').count()).toBe(3)
    if (action === 'ban') {
      await board.page.click('#you-login')
      await expect.poll(() => board.page.textContent('#you-said')).toContain('Not done')
      await board.page.click('#you-unban')
      await expect.poll(() => board.page.textContent('#you-said')).toContain('lifted')
    }
    await board.page.click('#you-promote')
    await expect.poll(() => board.page.textContent('#you-said')).toContain('promotion')
  })

  it('stops, starts, silences and resumes the real Redis', async () => {
    const pid = (await board.partOf('redis'))?.pid ?? 0
    expect(isRunning(pid)).toBe(true)
    await board.page.click('#pause-redis')
    await board.tag('redis', 'paused')
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^State:\s+T/m)
    await board.page.click('#resume-redis')
    await board.tag('redis', 'ready')
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).not.toMatch(/^State:\s+T/m)
    await board.page.click('#kill-redis')
    await board.tag('redis', 'stopped')
    expect(isRunning(pid)).toBe(false)
    await board.page.click('#start-redis')
    await board.tag('redis', 'ready')
    expect(isRunning((await board.partOf('redis'))?.pid ?? 0)).toBe(true)
  })

  it('slows the way to Redis, cuts it and heals it, in a cluster that was started without a flag', async () => {
    await board.switchTo('redis')
    await board.page.click('#you-login')
    await expect.poll(() => board.answers('in')).toBe(3)
    const askedMs = async () => {
      const { cookie } = await credentialOf()
      const [node] = board.lab.cluster.nodes
      const startedMs = performance.now()
      const answer = await fetch(`${node?.url}/me`, { headers: { cookie } })
      expect(answer.status).toBe(200)
      return performance.now() - startedMs
    }
    expect(await board.page.isEnabled('#heal-redis')).toBe(false)
    await board.page.click('#slow-redis')
    await board.page.getByText('50 ms longer').waitFor()
    // Not sooner than the delay that was set; how much later is the machine's affair.
    expect(await askedMs()).toBeGreaterThan(45)
    await board.page.click('#heal-redis')
    await board.page.getByText('as short as before').waitFor()
    await expect.poll(askedMs, { timeout: 20_000 }).toBeLessThan(45)
    await board.page.click('#cut-redis')
    await expect.poll(() => board.answers('unclear')).toBe(3)
    await board.page.locator('#picture text', { hasText: 'cut off' }).waitFor()
    await board.page.click('#heal-redis')
    await expect.poll(() => board.answers('in')).toBe(3)
  })

  it('draws who is pinned to which node: people of the load, and oneself', async () => {
    await board.switchTo('sticky')
    await board.page.click('#you-login')
    await board.page.click('#rate-20')
    for (const text of ['⚲ pinned: 20 people', '⚲ pinned: 20 people and you'])
      await board.page.locator('#picture text', { hasText: text }).first().waitFor()
    await board.switchTo('cookie')
    await expect.poll(() => board.page.locator('#picture text', { hasText: 'pinned' }).count()).toBe(0)
  })

  it('refreshes in two tabs at once, and neither is logged out', async () => {
    await board.switchTo('jwt')
    await board.page.click('#you-renew-by-pair')
    await board.page.getByText('comes with a refresh token').first().waitFor()
    await board.page.click('#you-login')
    await board.page.click('#you-refresh-twice')
    await expect
      .poll(() => board.page.textContent('#you-said'))
      .toMatch(/tab 1: 200 by node-\d; tab 2: 200 by node-\d/)
    await expect.poll(() => board.answers('in')).toBe(3)
  })

  it('drives load up and down, and counts the people that a dead node logs out', async () => {
    await board.switchTo('sticky')
    await board.page.click('#rate-100')
    await board.page.waitForSelector('#rate-100[aria-pressed=true]')
    await expect
      .poll(async () => Number(await board.page.locator('.legend b').first().textContent()))
      .toBeGreaterThan(0)
    await board.page.getByText('60 are let in').waitFor()
    await board.page.click('#kill-node-1')
    await expect.poll(() => board.page.textContent('#lost'), { timeout: 20_000 }).toBe('20')
    await screenshot(board.page, 'dashboard-node-killed')
    await board.page.click('#start-node-1')
    await board.tag('node-1', 'ready')
    await board.page.click('#people-login')
    await board.page.getByText('60 are let in').waitFor()
  })
})

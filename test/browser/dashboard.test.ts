import { readFileSync } from 'node:fs'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findChromium } from '#cluster/chromium/find-chromium.ts'
import type { ClusterState } from '#contract/control.ts'
import { isRunning } from '../cluster/processes.ts'
import { testRedis } from '../redis.ts'
import { launch, screenshot, startLab, type Visit, visit } from './lab.ts'

const chromium = await findChromium(process.env['PATH'] ?? '')
const title = chromium ? 'the dashboard' : 'the dashboard (skipped: no Chromium on the PATH of this machine)'

describe.skipIf(chromium === undefined)(title, () => {
  let redis: Awaited<ReturnType<typeof testRedis>>
  let lab: Awaited<ReturnType<typeof startLab>>
  let browser: Browser
  let visited: Visit
  let page: Page
  beforeAll(async () => {
    // Found before, so that the cluster finds it too.
    redis = await testRedis()
    lab = await startLab()
    browser = await launch(chromium ?? '')
  })
  afterAll(async () => {
    await browser?.close()
    await lab?.[Symbol.asyncDispose]()
    await redis?.[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    visited = await visit(browser, lab.cluster)
    page = visited.page
  })
  afterEach(async () => {
    await page.click('#rate-0')
    await page.waitForSelector('#rate-0[aria-pressed=true]')
    await visited[Symbol.asyncDispose]()
    expect(visited.errors).toEqual([])
    expect(visited.foreign).toEqual([])
  })

  async function state(): Promise<ClusterState> {
    const { url, token } = lab.cluster.control
    const answer = await fetch(`${url}/cluster`, { headers: { authorization: `Bearer ${token}` } })
    return (await answer.json()) as ClusterState
  }
  const conditionOf = async (id: string) => (await state()).parts.find((part) => part.id === id)?.condition
  const pidOf = async (id: string) => (await state()).parts.find((part) => part.id === id)?.pid ?? 0
  const tag = (id: string, condition: string) =>
    page.waitForSelector(`.part:has(#kill-${id}) .tag.${condition}`)
  async function switchTo(mode: string): Promise<void> {
    await page.selectOption('#mode', mode)
    await page.click('#mode-switch')
    await expect.poll(async () => (await state()).mode).toBe(mode)
  }
  /** How many nodes give this answer to the newest login. */
  const answers = (answer: string) =>
    page.locator('.credential').first().locator(`[data-answer=${answer}]`).count()

  it('takes the token out of the address, and keeps it over a reload', async () => {
    expect(page.url()).not.toContain('token')
    await page.reload()
    await page.waitForSelector('body[data-ready]')
    expect(visited.weight()).toBeLessThan(150_000)
  })

  it('says what is missing without the token, and with a wrong one', async () => {
    const context = await browser.newContext()
    const stranger = await context.newPage()
    await stranger.goto(lab.cluster.control.url)
    await stranger.getByText('needs the link').waitFor()
    await stranger.goto('about:blank')
    await stranger.goto(`${lab.cluster.control.url}/#token=wrong`)
    await stranger.getByText('not this cluster’s').waitFor()
    await context.close()
  })

  it('kills and starts the real process of a node', async () => {
    const pid = await pidOf('node-2')
    await page.click('#kill-node-2')
    await tag('node-2', 'stopped')
    expect(isRunning(pid)).toBe(false)
    await page.click('#start-node-2')
    await tag('node-2', 'ready')
    expect(isRunning(await pidOf('node-2'))).toBe(true)
  })

  it('pauses, drains and resumes a node', async () => {
    const pid = await pidOf('node-3')
    await page.click('#pause-node-3')
    await tag('node-3', 'paused')
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^State:\s+T/m)
    await page.click('#resume-node-3')
    await tag('node-3', 'ready')
    await page.click('#drain-node-3')
    await tag('node-3', 'draining')
    await page.click('#resume-node-3')
    await tag('node-3', 'ready')
    expect(await conditionOf('node-3')).toBe('ready')
  })

  it('switches the mode, and shows what each node says of a login that is over', async () => {
    await switchTo('redis')
    await page.click('#you-login')
    await expect.poll(() => answers('in')).toBe(3)
    await page.click('#you-logout')
    await expect.poll(() => answers('out')).toBe(3)
    await page.locator('.credential').first().getByText('Ended by logout').waitFor()
  })

  it.each([
    ['logout-all', 'log out everywhere'],
    ['password', 'password change'],
    ['demote', 'demotion to user'],
    ['ban', 'ban'],
  ])('ends every login by %s', async (action, how) => {
    await switchTo('redis')
    for (const [button, said] of [
      ['unban', 'lifted'],
      ['promote', 'promotion'],
      ['login', 'login: 200'],
    ] as const) {
      await page.click(`#you-${button}`)
      await expect.poll(() => page.textContent('#you-said')).toContain(said)
    }
    await expect.poll(() => answers('in')).toBe(3)
    await page.click(`#you-${action}`)
    const over = page.locator('.credential', { hasText: `Ended by ${how}` }).first()
    await expect.poll(() => over.locator('[data-answer=out]').count()).toBe(3)
    if (action === 'ban') {
      await page.click('#you-login')
      await expect.poll(() => page.textContent('#you-said')).toContain('Not done')
      await page.click('#you-unban')
      await expect.poll(() => page.textContent('#you-said')).toContain('lifted')
    }
    await page.click('#you-promote')
    await expect.poll(() => page.textContent('#you-said')).toContain('promotion')
  })

  it('drives load up and down, and counts the people that a dead node logs out', async () => {
    await switchTo('sticky')
    await page.click('#rate-100')
    await page.waitForSelector('#rate-100[aria-pressed=true]')
    await expect
      .poll(async () => Number(await page.locator('.legend b').first().textContent()))
      .toBeGreaterThan(0)
    await page.getByText('60 are let in').waitFor()
    await page.click('#kill-node-1')
    await expect.poll(() => page.textContent('#lost'), { timeout: 20_000 }).toBe('20')
    await screenshot(page, 'dashboard-node-killed')
    await page.click('#start-node-1')
    await tag('node-1', 'ready')
    await page.click('#people-login')
    await page.getByText('60 are let in').waitFor()
  })

  it.each(['round-robin', 'dead-node', 'jwt-logout'])('can be walked: the tour %s', async (tour) => {
    // Whatever a walk before left behind.
    await switchTo('cookie')
    await page.click(`#tour-${tour}`)
    for (let step = 0; step < 40; step += 1) {
      await page.waitForTimeout(1_300)
      if ((await page.getAttribute('#tour', 'data-finished')) === 'true') break
      const text = (await page.textContent('#tour-steps .now')) ?? ''
      const mode = /Choose mode ([a-z-]+)/.exec(text)?.[1]
      if (step === 2) await screenshot(page, `dashboard-tour-${tour}`)
      if (mode) await switchTo(mode)
      else
        await page
          .locator('button.pointed:enabled')
          .click({ timeout: 2_000 })
          .catch(() => {})
    }
    expect(await page.getAttribute('#tour', 'data-finished')).toBe('true')
    await page.click('#tour-leave')
  })

  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { colorScheme: 'light', viewport: { width: 390, height: 844 } }],
    ['phone-dark', { colorScheme: 'dark', viewport: { width: 390, height: 844 } }],
  ] as const)('has no violation that axe finds, and fits: %s', async (name, options) => {
    await using seen = await visit(browser, lab.cluster, options)
    await seen.page.click('#rate-100')
    await seen.page.click('#you-login')
    await seen.page.click('#tour-jwt-logout')
    await expect.poll(() => seen.page.locator('.credential').count()).toBeGreaterThan(0)
    await expect.poll(() => seen.page.locator('.flow').count(), { timeout: 15_000 }).toBeGreaterThan(0)
    await screenshot(seen.page, `dashboard-${name}`)
    const violations =
      await seen.page.evaluate(`(() => { ${axe.source}; return axe.run().then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target).join(' '))) })()`)
    expect(violations).toEqual([])
    const wide = await seen.page.evaluate('document.documentElement.scrollWidth > innerWidth')
    expect(wide).toBe(false)
    expect([...seen.errors, ...seen.foreign]).toEqual([])
  })

  it('stands still when the system asks for no motion', async () => {
    await using seen = await visit(browser, lab.cluster, { reducedMotion: 'reduce' })
    await seen.page.click('#rate-100')
    await expect.poll(() => seen.page.locator('.flow').count(), { timeout: 15_000 }).toBeGreaterThan(0)
    expect(await seen.page.evaluate('document.getAnimations().length')).toBe(0)
  })

  it('is worked by keyboard alone', async () => {
    await page.focus('#mode')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.id')).toBe('mode-switch')
    await page.focus('#you-login')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.textContent('#you-said')).toContain('login: 200')
  })
})

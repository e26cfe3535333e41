import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { findChromium } from '#cluster/chromium/find-chromium.ts'
import { screenshot } from './lab.ts'
import { useDashboard } from './use-dashboard.ts'

const chromium = await findChromium(process.env['PATH'] ?? '')
const title = chromium ? 'each tour' : 'each tour (skipped: no Chromium on the PATH of this machine)'
const STEP_MS = 2_500
const PRESSES_MAX = 60

describe.skipIf(chromium === undefined)(title, () => {
  const board = useDashboard(chromium ?? '')

  it.each(['round-robin', 'dead-node', 'jwt-logout', 'far-redis', 'silent-redis', 'two-tabs'])(
    'can be walked: %s',
    async (tour) => {
      const { page } = board
      // Whatever a walk before left behind.
      await board.switchTo('cookie')
      await page.click(`#tour-${tour}`)
      await page.waitForSelector('#tour-steps .now')
      for (let press = 0; press < PRESSES_MAX && !(await isFinished(page)); press += 1) {
        const before = await stepsDone(page)
        const text = (await page.textContent('#tour-steps .now').catch(() => '')) ?? ''
        const mode = /Choose mode ([a-z-]+)/.exec(text)?.[1]
        if (before === 2) await screenshot(page, `dashboard-tour-${tour}`)
        if (mode) await board.switchTo(mode)
        else await pressPointed(page)
        await whenStepped(page, before)
      }
      expect(await page.getAttribute('#tour', 'data-finished')).toBe('true')
      await page.click('#tour-leave')
    },
  )

  it('is walked by keyboard alone: the focus goes from the bar to what is meant, and back', async () => {
    const { page } = board
    const active = () => page.evaluate<string>('document.activeElement.id')
    await board.switchTo('cookie')
    await page.focus('#tour-jwt-logout')
    await page.keyboard.press('Enter')
    expect(await active()).toBe('tour-name')
    await page.waitForSelector('#tour-steps .now')
    await page.keyboard.press('Tab')
    for (let press = 0; press < PRESSES_MAX && !(await isFinished(page)); press += 1) {
      const before = await stepsDone(page)
      const at = await active()
      expect(['tour-go', 'tour-next', 'mode', 'you-login', 'you-logout']).toContain(at)
      if (at === 'mode') {
        const text = (await page.textContent('#tour-steps .now')) ?? ''
        await page.keyboard.type(/Choose mode ([a-z-]+)/.exec(text)?.[1] ?? '')
        await page.keyboard.press('Tab')
      }
      await page.keyboard.press('Enter')
      if (at !== 'tour-go') await whenStepped(page, before)
    }
    expect(await active()).toBe('tour-leave')
    await page.keyboard.press('Enter')
    expect(await page.isVisible('#tour')).toBe(false)
  })
})

const isFinished = async (page: Page) => (await page.getAttribute('#tour', 'data-finished')) === 'true'
const stepsDone = (page: Page) => page.locator('#tour-steps .done').count()

/** Some steps are there to be read, and some want a button more than once. */
async function pressPointed(page: Page): Promise<void> {
  const next = page.locator('#tour-next:enabled >> visible=true')
  const button = (await next.count()) > 0 ? next : page.locator('button.pointed:enabled')
  if ((await button.count()) > 0) await button.click({ timeout: STEP_MS }).catch(() => {})
}

/** Until a step was done, or so long that the button may be wanted again. */
async function whenStepped(page: Page, before: number): Promise<void> {
  const next = page.locator(`#tour-steps .done >> nth=${before}`)
  await next.waitFor({ state: 'attached', timeout: STEP_MS / 2 }).catch(() => {})
}

import { describe, expect, it } from 'vitest'
import { findChromium } from '#cluster/chromium/find-chromium.ts'
import { isTooWide, LOOKS, violationsOf } from './axe.ts'
import { screenshot, visit } from './lab.ts'
import { useDashboard } from './use-dashboard.ts'

const chromium = await findChromium(process.env['PATH'] ?? '')
const title = chromium ? 'the look' : 'the look (skipped: no Chromium on the PATH of this machine)'

describe.skipIf(chromium === undefined)(title, () => {
  const board = useDashboard(chromium ?? '')

  it('has no violation that axe finds and fits, in light and dark, on a desk and on a phone', async () => {
    const { page } = board
    await page.click('#rate-20')
    await page.click('#you-login')
    await page.click('#tour-jwt-logout')
    await expect.poll(() => page.locator('.credential').count()).toBeGreaterThan(0)
    await expect.poll(() => page.locator('.flow').count(), { timeout: 15_000 }).toBeGreaterThan(0)
    for (const [name, media, size] of LOOKS) {
      await page.emulateMedia({ ...media, reducedMotion: 'reduce' })
      await page.setViewportSize(size)
      // Drawn anew for its width with the next look at the cluster.
      await page.waitForSelector(`#picture svg[viewBox^="0 0 ${size.width < 640 ? '340' : '820'} "]`)
      await screenshot(page, `dashboard-${name}`)
      expect([name, await violationsOf(page)]).toEqual([name, []])
      expect([name, await isTooWide(page)]).toEqual([name, false])
    }
  })

  it('moves, and stands still when the system asks for no motion', async () => {
    await board.page.emulateMedia({ reducedMotion: 'no-preference' })
    await using still = await visit(board.browser, board.lab.cluster, { reducedMotion: 'reduce' })
    await still.page.click('#rate-20')
    await expect.poll(() => still.page.locator('.flow').count(), { timeout: 15_000 }).toBeGreaterThan(0)
    expect(await still.page.evaluate('document.getAnimations().length')).toBe(0)
    // A level line has no height, and so is not what a browser calls visible.
    await board.page.waitForSelector('.flow', { state: 'attached' })
    expect(await board.page.evaluate('document.getAnimations().length')).toBeGreaterThan(0)
  })

  it('is worked by keyboard alone', async () => {
    await board.page.focus('#mode')
    await board.page.keyboard.press('Tab')
    expect(await board.page.evaluate('document.activeElement.id')).toBe('mode-switch')
    await board.page.focus('#you-login')
    await board.page.keyboard.press('Enter')
    await expect.poll(() => board.page.textContent('#you-said')).toContain('login: 200')
  })
})

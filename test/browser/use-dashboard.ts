import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { ClusterState } from '#contract/control.ts'
import { testRedis } from '../redis.ts'
import { launch, startLab, type Visit, visit } from './lab.ts'

type Lab = Awaited<ReturnType<typeof startLab>>

/** A cluster, a browser and a page for the tests of a file; nothing may go wrong on the page in any of them. */
export interface UsedDashboard {
  readonly browser: Browser
  readonly lab: Lab
  readonly visited: Visit
  readonly page: Page
  state(): Promise<ClusterState>
  partOf(id: string): Promise<ClusterState['parts'][number] | undefined>
  /** When the page says that this part is in this condition. */
  tag(id: string, condition: string): Promise<unknown>
  switchTo(mode: string): Promise<void>
  /** How many nodes give this answer to the newest login. */
  answers(answer: string): Promise<number>
}

/** Registers the hooks that keep it. */
export function useDashboard(chromium: string, ...args: string[]): UsedDashboard {
  let redis: Awaited<ReturnType<typeof testRedis>>
  let lab: Lab
  let browser: Browser
  let visited: Visit
  beforeAll(async () => {
    // Found before, so that the cluster finds it too.
    redis = await testRedis()
    lab = await startLab(...args)
    browser = await launch(chromium)
    visited = await visit(browser, lab.cluster)
  })
  afterAll(async () => {
    await browser?.close()
    await lab?.[Symbol.asyncDispose]()
    await redis?.[Symbol.asyncDispose]()
  })
  afterEach(async () => {
    if ((await visited.page.getAttribute('#rate-0', 'aria-pressed')) !== 'true') {
      await visited.page.click('#rate-0')
      await visited.page.waitForSelector('#rate-0[aria-pressed=true]')
    }
    expect(visited.errors).toEqual([])
    expect(visited.foreign).toEqual([])
  })
  async function state(): Promise<ClusterState> {
    const { url, token } = lab.cluster.control
    const answer = await fetch(`${url}/cluster`, { headers: { authorization: `Bearer ${token}` } })
    return (await answer.json()) as ClusterState
  }
  return {
    get browser() {
      return browser
    },
    get lab() {
      return lab
    },
    get visited() {
      return visited
    },
    get page() {
      return visited.page
    },
    state,
    partOf: async (id) => (await state()).parts.find((part) => part.id === id),
    tag: (id, condition) => visited.page.waitForSelector(`.part:has(#kill-${id}) .tag.${condition}`),
    async switchTo(mode) {
      await visited.page.selectOption('#mode', mode)
      await visited.page.click('#mode-switch')
      await expect.poll(async () => (await state()).mode).toBe(mode)
    },
    answers: (answer) =>
      visited.page.locator('.credential').first().locator(`[data-answer=${answer}]`).count(),
  }
}

import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What axe finds wrong with the page as it is now; empty: nothing. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(`(() => { ${axe.source}; return axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target).join(' '))) })()`)
}

/** Must it be moved sideways to be read? */
export async function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > innerWidth')
}

export const LOOKS = [
  ['light', { colorScheme: 'light' }, { width: 1280, height: 900 }],
  ['dark', { colorScheme: 'dark' }, { width: 1280, height: 900 }],
  ['phone', { colorScheme: 'light' }, { width: 390, height: 844 }],
  ['phone-dark', { colorScheme: 'dark' }, { width: 390, height: 844 }],
] as const

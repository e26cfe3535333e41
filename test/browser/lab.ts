import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
import type { ClusterFile } from '#contract/control.ts'
import { startCommand, workingFolder } from '../cli/run-command.ts'

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const SCREENSHOTS = fileURLToPath(new URL('../../results/screenshots/', import.meta.url))

export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ARGUMENTS })
}

/**
 * A browser with a profile of its own that sends cookies to other sites' pages where their attribute lets it: private
 * windows and some distributions keep them back.
 */
export async function launchProfile(
  executablePath: string,
): Promise<{ context: BrowserContext } & AsyncDisposable> {
  const folder = await workingFolder()
  mkdirSync(join(folder.path, 'Default'))
  const profile = { block_third_party_cookies: false, cookie_controls_mode: 0 }
  writeFileSync(join(folder.path, 'Default', 'Preferences'), JSON.stringify({ profile }))
  const context = await chromium.launchPersistentContext(folder.path, { executablePath, args: ARGUMENTS })
  return {
    context,
    [Symbol.asyncDispose]: async () => {
      await context.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** `stillin up`, in a process and a folder of its own. */
export async function startLab(...args: string[]): Promise<{ cluster: ClusterFile } & AsyncDisposable> {
  await using resources = new AsyncDisposableStack()
  const folder = resources.use(await workingFolder()).path
  const limits = { limitMs: 600_000 }
  const command = startCommand(['up', '--port', '0', '--json', '--users', '100', ...args], folder, {}, limits)
  resources.defer(async () => {
    command.child.kill('SIGTERM')
    await command.ended
  })
  const cluster = JSON.parse(await command.firstLine) as ClusterFile
  const owned = resources.move()
  return { cluster, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** A page of the dashboard, and everything it must not have done. */
export interface Visit extends AsyncDisposable {
  readonly page: Page
  /** Console errors and exceptions. */
  readonly errors: string[]
  /** Requests to anywhere but control. */
  readonly foreign: string[]
  /** Bytes of the page's own files. */
  readonly weight: () => number
}

export async function visit(
  browser: Browser,
  { control }: ClusterFile,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const errors: string[] = []
  const foreign: string[] = []
  let bytes = 0
  page.on('console', (message) => {
    // A refusal that the page shows in words is logged by the browser as well.
    if (message.type() === 'error' && !message.text().includes('409 (Conflict)')) errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(control.url) && !url.startsWith('data:')) foreign.push(url)
  })
  page.on('response', async (response) => {
    const { pathname } = new URL(response.url())
    if (pathname === '/' || pathname.startsWith('/page/'))
      bytes += (await response.body().catch(() => Buffer.alloc(0))).length
  })
  await page.goto(`${control.url}/#token=${control.token}`)
  await page.waitForSelector('body[data-ready]')
  return {
    page,
    errors,
    foreign,
    weight: () => bytes,
    [Symbol.asyncDispose]: () => context.close(),
  }
}

/** Into results/screenshots. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true })
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { EXIT, StillinError } from '#contract/errors.ts'
import { inheritedEnvironment, searchPath } from '../config.ts'
import { installCommand } from '../install-command.ts'
import { openLifeline } from '../lifeline.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type DevtoolsPipe, openDevtoolsPipe } from './devtools-pipe.ts'
import { findChromium } from './find-chromium.ts'

/** A page that loads nothing, and the size of the picture in CSS pixels. */
export interface Shot {
  readonly html: string
  readonly width: number
  readonly height: number
}

/** Two pixels of the picture for each of CSS: sharp in a slide. */
const SCALE = 2
const STOP_MS = 2_000
const ARGUMENTS = [
  '--headless',
  '--remote-debugging-pipe',
  '--disable-gpu',
  '--hide-scrollbars',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Pictures (PNG) of pages, in their order, made by the system's Chromium in one process that dies with this one.
 * @throws StillinError with the command that brings a Chromium where there is none.
 */
export async function takeScreenshots(
  shots: readonly Shot[],
  path: string = searchPath(),
): Promise<readonly Buffer[]> {
  const file = await findChromium(path)
  if (file === undefined) {
    const command = await installCommand('chromium', path)
    throw new StillinError('there is no Chromium on this machine to draw a PNG with', {
      exitCode: EXIT.unavailable,
      hint: `${command === undefined ? 'Install Chromium' : `Run \`${command}\``}, or use --format svg, which needs none.`,
    })
  }
  await using profile = await temporaryFolder()
  await using browser = await launch(file, profile.path)
  const page = await openPage(browser.pipe)
  const pictures: Buffer[] = []
  for (const shot of shots) pictures.push(await page(shot))
  return pictures
}

async function openPage(pipe: DevtoolsPipe): Promise<(shot: Shot) => Promise<Buffer>> {
  const { targetId } = await pipe.ask('Target.createTarget', { url: 'about:blank' })
  const attached = await pipe.ask('Target.attachToTarget', { targetId, flatten: true })
  const session = String(attached['sessionId'])
  await pipe.ask('Page.enable', {}, session)
  return async ({ html, width, height }) => {
    const size = { width, height, deviceScaleFactor: SCALE, mobile: false }
    await pipe.ask('Emulation.setDeviceMetricsOverride', size, session)
    const loaded = pipe.next('Page.loadEventFired')
    const url = `data:text/html;charset=utf-8;base64,${Buffer.from(html).toString('base64')}`
    await Promise.all([loaded, pipe.ask('Page.navigate', { url }, session)])
    const { data } = await pipe.ask('Page.captureScreenshot', { format: 'png' }, session)
    return Buffer.from(String(data), 'base64')
  }
}

async function launch(file: string, profile: string): Promise<{ pipe: DevtoolsPipe } & AsyncDisposable> {
  const lifeline = await openLifeline()
  // Chromium refuses to run as root with its sandbox; the page is our own and loads nothing.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const [command, args] = lifeline.wrap(file, [...ARGUMENTS, ...sandbox, `--user-data-dir=${profile}`])
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...inheritedEnvironment(), HOME: profile },
    detached: true,
  })
  const release = child.pid === undefined ? () => {} : lifeline.hold(child.pid)
  const exited = Promise.race([once(child, 'exit'), once(child, 'error')]).catch(() => {})
  const [, , , toChromium, fromChromium] = child.stdio as unknown as [null, null, null, Writable, Readable]
  return {
    pipe: openDevtoolsPipe(toChromium, fromChromium),
    [Symbol.asyncDispose]: async () => {
      await end(child, exited)
      release()
    },
  }
}

/** With its helpers: they are in the same process group. */
async function end(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const patience = new AbortController()
  const late = delay(STOP_MS, 'late', { signal: patience.signal }).catch(() => undefined)
  if ((await Promise.race([exited, late])) === 'late') process.kill(-child.pid, 'SIGKILL')
  await exited
  patience.abort()
}

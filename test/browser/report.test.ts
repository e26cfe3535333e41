import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderHtml } from '#bench/report/html/report.ts'
import { renderSideBySide } from '#bench/report/html/side-by-side.ts'
import { findChromium } from '#cluster/chromium/find-chromium.ts'
import { takeScreenshots } from '#cluster/chromium/screenshots.ts'
import { failureRun, fixture } from '../bench/report/fixture.ts'
import { workingFolder } from '../cli/run-command.ts'
import { isTooWide, LOOKS, violationsOf } from './axe.ts'
import { launch, screenshot } from './lab.ts'

const chromium = await findChromium(process.env['PATH'] ?? '')
const title = chromium ? 'the report' : 'the report (skipped: no Chromium on the PATH of this machine)'
// Ten seconds of a timeline have ten times the cells of one, and nothing new to find.
const short = failureRun('sticky')
const few = { failures: [{ ...short, bins: short.bins.slice(20, 50) }] }

describe.skipIf(chromium === undefined)(title, () => {
  let browser: Browser
  let folder: Awaited<ReturnType<typeof workingFolder>>
  beforeAll(async () => {
    folder = await workingFolder()
    browser = await launch(chromium ?? '')
  })
  afterAll(async () => {
    await browser?.close()
    await folder?.[Symbol.asyncDispose]()
  })

  it.each([
    ['one run', 'report', ['light', 'dark', 'phone'], renderHtml(fixture(few))],
    ['a run that is not valid', 'report-invalid', ['dark'], renderHtml(fixture({ ...few, valid: false }))],
    [
      'two runs',
      'report-two',
      ['light', 'phone'],
      renderSideBySide([fixture(few), fixture({ ...few, id: 'another' })]),
    ],
  ])('has no violation that axe finds, fits, asks for nothing: %s', async (_what, name, looks, html) => {
    const file = join(folder.path, `${name}.html`)
    await writeFile(file, html)
    const page = await browser.newPage()
    const asked: string[] = []
    const said: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    page.on('console', (message) => said.push(message.text()))
    await page.goto(pathToFileURL(file).href)
    // Closed, its tables could not be seen by whoever looks for faults in them; once is enough.
    await page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true })")
    for (const [look, media, size] of LOOKS.filter(([one]) => looks.includes(one))) {
      await page.emulateMedia(media)
      await page.setViewportSize(size)
      expect([look, await violationsOf(page)]).toEqual([look, []])
      expect([look, await isTooWide(page)]).toEqual([look, false])
      await screenshot(page, `${name}-${look}`)
      await page.evaluate(
        "document.querySelectorAll('details').forEach((details) => { details.open = false })",
      )
    }
    expect(asked.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([])
    expect(said).toEqual([])
    await page.close()
  })

  it('can be printed: the tables and pictures are on paper, the links to jump with are not', async () => {
    const page = await browser.newPage()
    await page.goto(pathToFileURL(join(folder.path, 'report.html')).href)
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('nav').isVisible()).toBe(false)
    expect(await page.locator('figure svg >> visible=true').count()).toBeGreaterThan(4)
    const paper = await page.pdf({ format: 'A4' })
    expect(paper.subarray(0, 5).toString()).toBe('%PDF-')
    await page.close()
  })

  it('is drawn as PNG of the size that was asked for, twice as sharp', async () => {
    const html = '<body style="margin:0;background:#0067a8">'
    const [one, two] = await takeScreenshots([
      { html, width: 300, height: 120 },
      { html, width: 90, height: 40 },
    ])
    expect([one?.readUInt32BE(16), one?.readUInt32BE(20)]).toEqual([600, 240])
    expect([two?.readUInt32BE(16), two?.readUInt32BE(20)]).toEqual([180, 80])
  })
})

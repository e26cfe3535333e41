import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { takeScreenshots } from '#cluster/chromium/screenshots.ts'
import { EXIT } from '#contract/errors.ts'
import { fixture } from '../bench/report/fixture.ts'
import { runCommand, workingFolder } from './run-command.ts'

describe('stillin report', () => {
  it('writes several runs into one page, and a picture a chart', async () => {
    await using folder = await workingFolder()
    for (const id of ['a', 'b'])
      await writeFile(join(folder.path, `${id}.json`), JSON.stringify(fixture({ id, failures: [] })))
    const page = await runCommand(
      ['report', 'a.json', 'b.json', 'a.json', '--format', 'html', '--out', 'x/both.html'],
      folder.path,
    )
    expect(page).toEqual({
      code: 0,
      out: '  x/both.html\n',
      err: 'the same run was named more than once: it is shown once\n',
    })
    expect(await readFile(join(folder.path, 'x/both.html'), 'utf8')).toContain('2 runs side by side')
    const svg = await runCommand(['report', 'a.json', '--format', 'svg'], folder.path)
    expect(svg.out).toContain('  charts/percentiles.svg\n')
  })
})

describe('a PNG', () => {
  it('is refused with the command that helps, where there is no Chromium', async () => {
    const refused = await takeScreenshots([], '/nonexistent').catch((error: unknown) => error)
    expect(refused).toMatchObject({
      exitCode: EXIT.unavailable,
      hint: expect.stringContaining('--format svg'),
    })
  })
})

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Command } from 'commander'
import { readResult } from '#bench/experiment/results/read-result.ts'
import { distinctRuns } from '#bench/report/story/apart.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { fileProblem } from '#contract/file-problem.ts'
import type { RunResult } from '#contract/result.ts'
import type { CommandContext } from '../command-context.ts'
import { oneOf } from '../parse-options.ts'

const FORMATS = ['text', 'md', 'html', 'svg', 'png'] as const
type Format = (typeof FORMATS)[number]

interface ReportFlags {
  format?: Format
  out?: string
}

const CHARTS_FOLDER = 'charts'
const EXAMPLES = `
Examples:
  stillin report results/latest
  stillin report results/latest --format html --out report.html
  stillin report results/A results/B --format html > both.html
  stillin report results/latest --format svg --out charts

Text, Markdown and HTML are printed unless --out names a file. SVG and PNG are a picture a chart, in
the folder that --out names (${CHARTS_FOLDER}); PNG needs the system's Chromium.`

/** `stillin report FILE…`: any results, formatted again; several side by side. */
export function reportCommand(context: CommandContext): Command {
  return new Command('report')
    .description('format results again: text, Markdown, HTML, or a picture a chart; several side by side')
    .argument('<files...>', 'result files, or the folders they are in')
    .option('--format <name>', `${FORMATS.join(', ')} (text)`, oneOf(FORMATS))
    .option('--out <path>', 'write to this file, or for pictures into this folder')
    .addHelpText('after', EXAMPLES)
    .action((files: string[], flags: ReportFlags) => report(context, files, flags))
}

async function report(
  context: CommandContext,
  files: readonly string[],
  { format = 'text', out }: ReportFlags,
): Promise<void> {
  const given = files.map(readResult)
  const results = distinctRuns(given)
  if (results.length < given.length) context.note('the same run was named more than once: it is shown once')
  if (format === 'svg' || format === 'png') {
    await draw(context, results, format, out ?? CHARTS_FOLDER)
    return
  }
  const text = (await render(results, format, context)).trimEnd()
  if (out === undefined) context.print(text)
  else context.print(`  ${save(out, `${text}\n`)}`)
}

async function render(
  results: readonly RunResult[],
  format: 'text' | 'md' | 'html',
  { colour, width }: CommandContext,
): Promise<string> {
  const [only] = results
  const single = results.length === 1 ? only : undefined
  if (format === 'html') {
    if (single) return (await import('#bench/report/html/report.ts')).renderHtml(single)
    return (await import('#bench/report/html/side-by-side.ts')).renderSideBySide(results)
  }
  if (format === 'md') {
    if (single) return (await import('#bench/report/markdown/summary.ts')).renderSummary(single)
    return (await import('#bench/report/markdown/side-by-side.ts')).renderSummaries(results)
  }
  return (await import('#bench/report/terminal/run-report.ts')).renderRuns(results, { colour, width })
}

/** A picture a chart; of several runs, a folder a run. */
async function draw(
  context: CommandContext,
  results: readonly RunResult[],
  format: 'svg' | 'png',
  folder: string,
): Promise<void> {
  const { picturesOf } = await import('#bench/report/charts/picture.ts')
  const pictures = results.flatMap((result) => {
    const own = results.length === 1 ? folder : join(folder, result.id)
    return picturesOf(result).map((picture) => ({ ...picture, file: join(own, `${picture.name}.${format}`) }))
  })
  if (pictures.length === 0)
    throw new StillinError('there is no chart to draw: the result holds no figures for one', {
      exitCode: EXIT.usage,
    })
  if (format === 'svg') for (const { file, svg } of pictures) save(file, svg)
  else {
    const { takeScreenshots } = await import('#cluster/chromium/screenshots.ts')
    const shots = pictures.map(({ svg, width, height }) => ({ html: onItsOwn(svg), width, height }))
    const images = await takeScreenshots(shots)
    for (const [at, { file }] of pictures.entries()) save(file, images[at] ?? '')
  }
  context.print(pictures.map(({ file }) => `  ${file}`).join('\n'))
}

function onItsOwn(svg: string): string {
  return `<!doctype html><meta charset="utf-8"><style>body{margin:0}svg{display:block}</style>${svg}`
}

function save(file: string, content: string | Buffer): string {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    return file
  } catch (cause) {
    throw new StillinError(`--out: ${file} cannot be written: ${fileProblem(cause)}`, {
      exitCode: EXIT.usage,
      cause,
    })
  }
}

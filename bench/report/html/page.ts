import { readFileSync } from 'node:fs'
import { escapeHtml } from '../escape-html.ts'

const STYLE_SHEET = new URL('report.css', import.meta.url)

/** One part of the page under its heading. */
export interface Section {
  readonly id: string
  readonly heading: string
  /** Finished HTML; an empty section is left out. */
  readonly body: string
}

/** A whole document in one file: the style sheet inside, nothing loaded, no script. `header` is finished HTML. */
export function page(title: string, header: string, sections: readonly Section[]): string {
  const present = sections.filter(({ body }) => body.trim() !== '')
  const contents = present.map(({ id, heading }) => `<a href="#${id}">${escapeHtml(heading)}</a>`).join(' ')
  const parts = present.map(
    ({ id, heading, body }) =>
      `<section id="${id}" aria-labelledby="${id}-heading">\n<h2 id="${id}-heading">${escapeHtml(heading)}</h2>\n${body}\n</section>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>
${readFileSync(STYLE_SHEET, 'utf8')}
</style>
</head>
<body>
<header>
${header}
<nav aria-label="Contents">${contents}</nav>
</header>
<main>
${parts.join('\n')}
</main>
</body>
</html>
`
}

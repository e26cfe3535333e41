/** Text from outside as plain text of one line: nothing in it is markup, and no cell ends early. */
export function escapeMarkdown(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\|`*_<>[\]#&~]/g, (sign) => `\\${sign}`)
}

/** Text in a code span; a fence longer than any run of backticks in it. */
export function codeSpan(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`
}

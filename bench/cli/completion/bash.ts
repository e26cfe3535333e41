import type { CommandSpec } from './command-tree.ts'
import { quote, wordsAfter, wordsOf } from './words.ts'

/** For bash 4 or later: `eval "$(stillin completion bash)"`. */
export function bashCompletion(specs: readonly CommandSpec[]): string {
  const below = specs.filter(({ path }) => path.includes(' '))
  const values = specs.flatMap((spec) =>
    wordsAfter(spec).map(
      ({ flag, words }) => `    ${quote(`${spec.path}:${flag}`)}) words=${quote(words)} ;;`,
    ),
  )
  const commands = specs.map((spec) => `    ${quote(spec.path)}) words=${quote(wordsOf(spec))} ;;`)
  return `# stillin completion bash: made from the command line itself
_stillin() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command='' words=''
  if [ "$COMP_CWORD" -gt 1 ]; then command="\${COMP_WORDS[1]}"; fi
  if [ "$COMP_CWORD" -gt 2 ]; then
    case "$command \${COMP_WORDS[2]}" in
      ${below.map(({ path }) => quote(path)).join('|')}) command="$command \${COMP_WORDS[2]}" ;;
    esac
  fi
  COMPREPLY=()
  case "$command:$previous" in
${values.join('\n')}
    *) case "$command" in
${commands.join('\n')}
      esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ \${#COMPREPLY[@]} -eq 0 ] && [[ "$current" != -* ]]; then compopt -o default 2>/dev/null; fi
}
complete -F _stillin stillin
`
}

import type { CommandSpec } from './command-tree.ts'
import { quote, wordsAfter, wordsOf } from './words.ts'

/** For zsh, after compinit: `eval "$(stillin completion zsh)"`. */
export function zshCompletion(specs: readonly CommandSpec[]): string {
  const below = specs.filter(({ path }) => path.includes(' '))
  const values = specs.flatMap((spec) =>
    wordsAfter(spec).map(
      ({ flag, words }) => `    ${quote(`${spec.path}:${flag}`)}) choices=${quote(words)} ;;`,
    ),
  )
  const commands = specs.map((spec) => `    ${quote(spec.path)}) choices=${quote(wordsOf(spec))} ;;`)
  return `#compdef stillin
# stillin completion zsh: made from the command line itself
_stillin() {
  local previous="\${words[CURRENT-1]}" command='' choices=''
  if (( CURRENT > 2 )); then command="\${words[2]}"; fi
  if (( CURRENT > 3 )); then
    case "$command \${words[3]}" in
      ${below.map(({ path }) => quote(path)).join('|')}) command="$command \${words[3]}" ;;
    esac
  fi
  case "$command:$previous" in
${values.join('\n')}
    *) case "$command" in
${commands.join('\n')}
      esac ;;
  esac
  if [[ -n "$choices" ]]; then compadd -- \${=choices}; fi
  if [[ -z "$choices" || "\${words[CURRENT]}" != -* ]]; then _files; fi
}
compdef _stillin stillin
`
}

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { bashCompletion } from '#bench/cli/completion/bash.ts'
import { type CommandSpec, describeCommands } from '#bench/cli/completion/command-tree.ts'
import { fishCompletion } from '#bench/cli/completion/fish.ts'
import { zshCompletion } from '#bench/cli/completion/zsh.ts'
import { createProgram } from '#bench/cli/program.ts'
import { FAULT_NAMES, MODE_NAMES } from '#contract/modes.ts'

const run = promisify(execFile)

let specs: readonly CommandSpec[]
beforeAll(async () => {
  const nothing = () => {}
  const context = {
    environment: {},
    folder: '/',
    signal: AbortSignal.timeout(60_000),
    print: nothing,
    note: nothing,
    colour: false,
    width: 100,
    interactive: false,
    exitWith: nothing,
  }
  specs = describeCommands(await createProgram(context, ['--help']))
})

/** What a real bash offers for the last of these words. */
async function offered(...words: string[]): Promise<string[]> {
  const script = `${bashCompletion(specs)}
complete -p stillin >&2
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_stillin
printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr } = await run('bash', ['-c', script, 'bash', ...words], { timeout: 20_000 })
  expect(stderr).toContain('complete -F _stillin stillin')
  return stdout.split('\n').filter((line) => line !== '')
}

describe('bash completes', () => {
  it.each([
    ['a command', ['stillin', 'dec'], ['decide']],
    ['a command below another', ['stillin', 'keys', 'ro'], ['rotate']],
    ['a flag of that command only', ['stillin', 'decide', '--surv'], ['--survive-node-loss']],
    ['the value of a flag', ['stillin', 'up', '--jwt-verifier', ''], ['jose', 'node']],
    [
      'a value of a command below another',
      ['stillin', 'keys', 'create', '--jwt-algorithm', 'E'],
      ['ES256', 'EdDSA'],
    ],
    ['nothing it does not know', ['stillin', 'up', '--port', ''], []],
  ])('%s', async (_what, words, expected) => {
    expect(await offered(...words)).toEqual(expected)
  })

  it('modes and faults as the tables have them', async () => {
    expect(await offered('stillin', 'mode', 'r')).toEqual(MODE_NAMES.filter((name) => name.startsWith('r')))
    const faults = FAULT_NAMES.filter((name) => name.startsWith('kill'))
    expect(await offered('stillin', 'chaos', '--fault', 'kill')).toEqual(faults)
  })
})

describe.each([
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
] as const)('the script for %s', (_shell, render) => {
  it('names every command and every flag, and leaves no quote open', () => {
    const script = render(specs)
    for (const { path, options } of specs) {
      for (const word of path.split(' ')) expect(script).toContain(word)
      for (const { flag } of options) expect(script).toContain(flag.slice(2))
    }
    const quotes = script.replace(/\\'/g, '').match(/'/g) ?? []
    expect(quotes.length % 2).toBe(0)
  })
})

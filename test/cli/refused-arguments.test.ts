import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createProgram } from '#bench/cli/program.ts'
import { EXIT, StillinError } from '#contract/errors.ts'

const folder = mkdtempSync(join(tmpdir(), 'stillin-test-'))
const file = join(folder, 'a-file')
writeFileSync(file, 'no JSON\nat all')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What the command line says to arguments that it refuses before anything starts: the error, and its hint. */
async function refusalOf(...args: string[]): Promise<string> {
  const said: string[] = []
  const program = await createProgram(
    {
      environment: {},
      folder,
      signal: AbortSignal.abort(),
      print: () => {},
      note: (text) => void said.push(text),
      colour: false,
      width: 100,
      interactive: false,
      exitWith: () => {},
    },
    args,
  )
  const error: unknown = await program.parseAsync(args, { from: 'user' }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof StillinError)) return said.join('\n')
  expect(error.exitCode).toBe(EXIT.usage)
  return `${error.message}\n${error.hint ?? ''}`
}

describe('a flag', () => {
  it('with a value is given once; a list says how several are named', async () => {
    expect(await refusalOf('bench', '--modes', 'redis', '--modes', 'jwt')).toBe(
      '--modes is given twice: redis and jwt\nSeparate them by a comma: --modes redis,jwt.',
    )
    expect(await refusalOf('up', '--nodes', '2', '--nodes=3')).toContain('--nodes is given twice: 2 and 3')
  })

  it('that may be given several times still may', async () => {
    expect(await refusalOf('proxy', '--upstream', 'http://127.0.0.1:1', '--upstream', 'x y')).toContain(
      "argument 'x y'",
    )
  })

  it('says which name of a list is none, and which was meant', async () => {
    expect(await refusalOf('bench', '--modes', 'redis,jtw')).toMatch(
      /^stillin: option '--modes <list>' argument 'redis,jtw' is invalid\. There is no jtw; did you mean jwt\? It must be one of local/,
    )
    expect(await refusalOf('bench', '--modes', 'redis,')).toContain('A name is missing. It must be one of')
    expect(await refusalOf('chaos', '--fault', 'nope')).toContain('There is no nope. It must be one of')
  })
})

describe('a word', () => {
  it('that is no command leads to the one that was meant', async () => {
    expect(await refusalOf('bnch')).toBe('there is no command "bnch"\nDid you mean stillin bench?')
    expect(await refusalOf('demo', 'crsf')).toBe('demo takes no argument "crsf"\nDid you mean demo csrf?')
  })

  it('too many is named', async () => {
    expect(await refusalOf('status', 'node-1')).toBe(
      'status takes no argument "node-1"\nstillin status --help says what it takes.',
    )
    expect(await refusalOf('kill', 'node-1', 'node-2')).toContain('kill takes no argument "node-2"')
  })
})

describe('two ports', () => {
  it('of one number are refused before anything starts', async () => {
    expect(await refusalOf('up', '--port', '18080', '--control-port', '18080')).toContain(
      '--port and --control-port are both 18080',
    )
  })
})

describe('a folder for results that cannot be written to', () => {
  it.each([
    [['bench'], file, 'a file is in the way'],
    [['chaos', '--modes', 'redis'], join(file, 'below'), 'a part of its path is no folder'],
    [['lag'], '', '--out is empty'],
    [['drill'], join(folder, 'x'.repeat(300)), 'its name is too long'],
    [['size', '--check', 'nowhere'], file, 'a file is in the way'],
  ])('is refused before %j runs', async (args, out, words) => {
    expect(await refusalOf(...args, '--out', out)).toContain(words)
  })

  it('is found out without leaving anything', async () => {
    const out = join(folder, 'deep', 'below')
    // Refused after the folder was tried: the flags contradict each other.
    expect(await refusalOf('bench', '--out', out, '--proxies', '--payload', '8')).toContain('no meaning with')
    expect(existsSync(join(folder, 'deep'))).toBe(false)
    mkdirSync(out, { recursive: true })
    await refusalOf('bench', '--out', out, '--proxies', '--payload', '8')
    expect(readdirSync(out)).toEqual([])
  })
})

describe('a file that cannot be used', () => {
  it.each([
    [['report', join(folder, 'none')], 'none does not exist'],
    [['report', file], 'a-file cannot be read: it is not JSON (Unexpected token'],
    [['judge', join(folder, 'none')], 'none cannot be read: there is no such file or folder'],
    [['judge', folder], 'cannot be read: it is a folder'],
    [['chaos', '--schedule', folder], 'it is a folder'],
    [['bench', '--cluster', `attach:${folder}/none`], 'none: there is no such file or folder'],
  ])('%j is told in words, on one line', async (args, words) => {
    const [line] = (await refusalOf(...args)).split('\n')
    expect(line).toContain(words)
    expect(line).not.toMatch(/ENOENT|EISDIR/)
  })
})

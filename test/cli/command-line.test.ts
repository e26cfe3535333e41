import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CommandContext } from '#bench/cli/command-context.ts'
import { type CommandSpec, describeCommands } from '#bench/cli/completion/command-tree.ts'
import { createProgram } from '#bench/cli/program.ts'
import { VERDICT_MODES } from '#bench/experiment/costs/bench-settings.ts'
import { EXIT } from '#contract/errors.ts'
import { DEFAULT_MODES } from '#contract/modes.ts'
import { workingFolder } from './run-command.ts'

interface Outcome {
  printed: string
  noted: string
  error: (Error & { exitCode?: number; hint?: string }) | undefined
}

function contextOf(
  outcome: Outcome,
  environment: Readonly<Record<string, string>> = {},
  folder = '/',
): CommandContext {
  return {
    environment,
    folder,
    signal: AbortSignal.timeout(20_000),
    print: (text) => {
      outcome.printed += `${text}\n`
    },
    note: (text) => {
      outcome.noted += `${text}\n`
    },
    colour: false,
    width: 100,
    interactive: false,
    exitWith: () => {},
  }
}

async function describedCommands(): Promise<readonly CommandSpec[]> {
  const silent = contextOf({ printed: '', noted: '', error: undefined })
  return describeCommands(await createProgram(silent, ['--help']))
}

/** The command line in this process: what it prints, and the error it throws. */
async function call(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  folder = '/',
): Promise<Outcome> {
  const outcome: Outcome = { printed: '', noted: '', error: undefined }
  const program = await createProgram(contextOf(outcome, environment, folder), args)
  await program.parseAsync(['node', 'stillin', ...args]).catch((error: Error) => {
    outcome.error = error
  })
  return outcome
}

describe('a flag that cannot be used is refused by name:', () => {
  it.each([
    ['too many nodes', ['up', '--nodes', '17'], /'--nodes <count>' argument '17' .* 1 to 16/],
    ['half a node', ['up', '--nodes', '1.5'], /'--nodes <count>' argument '1.5'/],
    ['a port beyond the last', ['up', '--port', '65536'], /'--port <port>' argument '65536' .* 0 to 65535/],
    [
      'an unknown renewal',
      ['life', '--renewal', 'often'],
      /'--renewal <way>' argument .* one of fixed, rolling, pair/,
    ],
    ['an unknown flag', ['up', '--frobnicate'], /unknown option '--frobnicate'/],
    ['an unknown flag of a command’s command', ['demo', 'csrf', '--nope'], /unknown option '--nope'/],
    ['an unknown mode to switch to', ['mode', 'nope'], /'nope' .* one of local, sticky, redis, cookie, jwt/],
    [
      'an upstream that is no address',
      ['proxy', '--upstream', 'localhost'],
      /'--upstream <\[id=\]url>' argument/,
    ],
    ['an affinity that is none', ['proxy', '--affinity', 'sticky'], /'--affinity <name>' argument 'sticky'/],
    ['a rate that is none', ['decide', '--lookups', 'many'], /'--lookups <rate>' argument 'many' .* 5000\/s/],
    ['a time without a unit', ['decide', '--p99', '20'], /'--p99 <time>' argument '20' .* 20ms/],
    ['an upstream with a path', ['proxy', '--upstream', 'http://a/b'], /'--upstream <\[id=\]url>' argument/],
    [
      'a listener that is no address',
      ['proxy', '--listen', 'here'],
      /'--listen <host:port>' argument 'here'/,
    ],
  ])('%s', async (_what, args, message) => {
    const { error, noted } = await call(args)
    expect(noted).toMatch(message)
    expect(error?.name).toMatch(/^(CommanderError|InvalidArgumentError)$/)
  })
})

describe('a request that makes no sense is refused as bad input:', () => {
  it.each([
    ['an unknown command', ['frobnicate'], /^there is no command "frobnicate"$/],
    ['a contradiction', ['up', '--mode', 'redis', '--no-redis'], /^--mode redis and --no-redis contradict/],
    ['a decision without limits', ['decide'], /^there is no limit to decide by$/],
    [
      'a decision before anything was measured',
      ['decide', '--p99', '20ms'],
      /^there is no results\/latest here/,
    ],
    ['a decision on nothing', ['decide', '--p99', '20ms', '/nonexistent'], /^\/nonexistent does not exist$/],
    [
      'a refresh home without a pair',
      ['life', '--refresh', 'store'],
      /^--refresh has no meaning without --renewal pair/,
    ],
    [
      'strictness that nobody could keep',
      ['up', '--renewal', 'pair', '--refresh', 'stateless', '--refresh-strict'],
      /^--refresh-strict and --refresh stateless contradict each other/,
    ],
    ['a proxy without upstreams', ['proxy'], /^--upstream is missing/],
    [
      'control without its token',
      ['status', '--control', 'http://127.0.0.1:1'],
      /^--control needs --token-file or STILLIN_CONTROL_TOKEN/,
    ],
    [
      'a token file that is missing',
      ['status', '--control', 'http://127.0.0.1:1', '--token-file', '/nonexistent'],
      /^--token-file: \/nonexistent cannot be read$/,
    ],
    [
      'keys in a folder that is missing',
      ['keys', 'create', '/nonexistent/keys.json'],
      /^\/nonexistent\/keys.json cannot be written \(ENOENT\)$/,
    ],
  ])('%s', async (_what, args, message) => {
    const { error } = await call(args)
    expect(error?.message).toMatch(message)
    expect(error?.exitCode).toBe(EXIT.usage)
  })

  it.each([
    ['an unknown variable', { STILLIN_NODE: '3' }, /^STILLIN_NODE is not a setting of stillin$/],
    [
      'a variable that is wrong',
      { STILLIN_NODES: 'many' },
      /^STILLIN_NODES must be a whole number from 1 to 16, not "many"$/,
    ],
    ['a REDIS_URL that is no address', { REDIS_URL: 'nonsense' }, /^REDIS_URL is not an address like redis:/],
  ])('%s', async (_what, environment, message) => {
    const { error } = await call(['up', '--port', '0'], environment)
    expect(error?.message).toMatch(message)
    expect(error?.exitCode).toBe(EXIT.usage)
  })

  it.each([
    [
      'a wrong value',
      '{"nodes":-1}',
      /^stillin.config.json: nodes must be a whole number from 1 to 16, not -1$/,
    ],
    ['a number as text', '{"nodes":"3"}', /^stillin.config.json: nodes must be a whole number/],
    ['broken JSON', '{"nodes":', /^stillin.config.json cannot be read/],
    ['no object', '[]', /^stillin.config.json must hold one JSON object$/],
    ['a prototype', '{"__proto__":{"nodes":3}}', /^stillin.config.json: unknown key "__proto__"$/],
  ])('a configuration with %s', async (_what, content, message) => {
    await using folder = await workingFolder()
    await writeFile(join(folder.path, 'stillin.config.json'), content)
    const { error } = await call(['up', '--port', '0'], {}, folder.path)
    expect(error?.message).toMatch(message)
    expect(error?.exitCode).toBe(EXIT.usage)
  })
})

describe('help', () => {
  it('is short when nothing is asked for', async () => {
    const { printed } = await call([])
    expect(printed).toContain('stillin up')
    expect(printed.split('\n').length).toBeLessThan(14)
    expect(printed.split('\n').filter((line) => line.length > 100)).toEqual([])
  })

  it('of every command has examples that name it, and no line beyond 100 columns', async () => {
    const paths = (await describedCommands()).map(({ path }) => path).filter((path) => path !== '')
    expect(paths.length).toBeGreaterThan(20)
    for (const path of paths) {
      const { printed } = await call([...path.split(' '), '--help'])
      expect(printed.slice(printed.indexOf('Examples:'))).toContain(`stillin ${path}`)
      expect(printed.split('\n').filter((line) => line.length > 100)).toEqual([])
    }
  })

  it('says which modes a command takes unless it is told', async () => {
    const modesOf = async (...path: string[]) => {
      const { printed } = await call([...path, '--help'])
      return /--modes <list>[^(]*\(([^)]*)\)/.exec(printed)?.[1]?.replaceAll(/\s+/g, '')
    }
    expect(await modesOf('bench')).toBe(DEFAULT_MODES.join(','))
    expect(await modesOf('verdict')).toBe(VERDICT_MODES.join(','))
    expect(await modesOf('calibrate')).toBe('redis,local')
  })

  it('of the program lists them all', async () => {
    const { printed } = await call(['--help'])
    for (const { path } of await describedCommands())
      if (path !== '' && !path.includes(' ')) expect(printed).toMatch(new RegExp(`^  ${path}\\b`, 'm'))
    expect(printed.split('\n').filter((line) => line.length > 100)).toEqual([])
  })

  it('of a command names those below it', async () => {
    expect((await call(['demo', '--help'])).printed).toMatch(/Commands:[\s\S]* {2}csrf /)
  })
})

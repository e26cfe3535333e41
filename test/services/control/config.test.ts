import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MODE_NAMES } from '#contract/modes.ts'
import { readConfig } from '#services/control/config.ts'

const COMPLETE = {
  STILLIN_PORT: '0',
  STILLIN_MODE: 'local',
  STILLIN_CONTROL_TOKEN: 'control',
  STILLIN_ADMIN_TOKEN: 'admin',
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'control-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('control’s settings', () => {
  it('listen on loopback unless told otherwise', () => {
    expect(readConfig({ ...COMPLETE, PATH: '/bin' })).toEqual({
      host: '127.0.0.1',
      port: 0,
      token: 'control',
      adminToken: 'admin',
      mode: 'local',
      parts: [],
      logLevel: 'silent',
    })
  })

  it('take a token from a file where the variable is empty', async () => {
    const file = join(folder, 'token')
    await writeFile(file, 'from-file\n')
    const config = readConfig({ ...COMPLETE, STILLIN_CONTROL_TOKEN: '', STILLIN_CONTROL_TOKEN_FILE: file })
    expect(config.token).toBe('from-file')
  })

  it('name the parts that nobody supervises', () => {
    const { parts } = readConfig({
      ...COMPLETE,
      STILLIN_PARTS: 'proxy=http://proxy:8080|http://proxy:8081, node-1=http://n:1|http://n:2',
    })
    expect(parts).toEqual([
      { id: 'proxy', kind: 'proxy', url: 'http://proxy:8080', adminUrl: 'http://proxy:8081' },
      { id: 'node-1', kind: 'node', url: 'http://n:1', adminUrl: 'http://n:2' },
    ])
  })

  it.each([
    ['an unknown variable', { STILLIN_PORTS: '1' }, 'STILLIN_PORTS is not a setting of control'],
    [
      'an unknown mode',
      { STILLIN_MODE: 'nope' },
      `STILLIN_MODE must be one of ${MODE_NAMES.join(', ')}, not "nope"`,
    ],
    ['no port', { STILLIN_PORT: undefined }, 'STILLIN_PORT is not set'],
    ['a port too high', { STILLIN_PORT: '65536' }, 'STILLIN_PORT must be a port, 0 to 65535, not "65536"'],
    [
      'no token',
      { STILLIN_CONTROL_TOKEN: '' },
      'neither STILLIN_CONTROL_TOKEN nor STILLIN_CONTROL_TOKEN_FILE is set',
    ],
    [
      'a part without its admin address',
      { STILLIN_PARTS: 'proxy=http://p:1' },
      'STILLIN_PARTS has "proxy=http://p:1", which is not id=url|adminUrl',
    ],
    [
      'a part twice',
      { STILLIN_PARTS: 'a=http://p:1|http://p:2,a=http://p:1|http://p:2' },
      'STILLIN_PARTS names a twice',
    ],
  ])('refuse %s by name', (_what, change, message) => {
    expect(() => readConfig({ ...COMPLETE, ...change })).toThrow(message)
  })

  it('refuse a token file that is missing or empty', async () => {
    const file = join(folder, 'empty')
    await writeFile(file, '\n')
    const withFile = (path: string) => ({
      ...COMPLETE,
      STILLIN_ADMIN_TOKEN: '',
      STILLIN_ADMIN_TOKEN_FILE: path,
    })
    expect(() => readConfig(withFile(join(folder, 'missing')))).toThrow(
      /STILLIN_ADMIN_TOKEN_FILE: .* cannot be read/,
    )
    expect(() => readConfig(withFile(file))).toThrow(/STILLIN_ADMIN_TOKEN_FILE: .* is empty/)
  })
})

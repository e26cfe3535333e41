import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveSettings } from '#bench/cli/config.ts'
import { flagName, SETTING_NAMES, variableName } from '#bench/cli/settings.ts'
import { workingFolder } from './run-command.ts'

describe('settings', () => {
  it('come from flags before variables before the file', async () => {
    await using folder = await workingFolder()
    await writeFile(
      join(folder.path, 'stillin.config.json'),
      '{"mode":"local","nodes":1,"forwarder":"undici","users":10}',
    )
    const environment = { STILLIN_NODES: '2', STILLIN_MODE: 'jwt', REDIS_URL: 'redis://there', PATH: '/bin' }
    expect(resolveSettings({ mode: 'redis' }, { environment, folder: folder.path })).toEqual({
      mode: 'redis',
      nodes: 2,
      forwarder: 'undici',
      users: 10,
      redisUrl: 'redis://there',
    })
  })

  it('are absent where nobody sets them, also by an empty variable or an absent flag', () => {
    const flags = { mode: undefined } as unknown as Parameters<typeof resolveSettings>[0]
    expect(resolveSettings(flags, { environment: { STILLIN_NODES: '' }, folder: '/' })).toEqual({})
  })

  it.each(['', ' 3', '3 ', '0x3', '1e1', '3.0', '٣', '-1', '0', '17', 'Infinity'])(
    'do not take %j for a node count',
    (text) => {
      const read = () => resolveSettings({}, { environment: { STILLIN_NODES: text }, folder: '/' })
      if (text === '') expect(read()).toEqual({})
      else expect(read).toThrow(/STILLIN_NODES must be a whole number from 1 to 16/)
    },
  )

  it.each([
    ['1', true],
    ['0', false],
  ])('say yes or no by a digit, as the nodes do: %s', (text, jwtEncrypt) => {
    expect(resolveSettings({}, { environment: { STILLIN_JWT_ENCRYPT: text }, folder: '/' })).toEqual({
      jwtEncrypt,
    })
    const wrong = { environment: { STILLIN_JWT_ENCRYPT: 'perhaps' }, folder: '/' }
    expect(() => resolveSettings({}, wrong)).toThrow(/STILLIN_JWT_ENCRYPT must be 1 or 0/)
  })

  it('go by one name in three spellings', () => {
    expect([variableName('jwtVerifier'), flagName('jwtVerifier')]).toEqual([
      'STILLIN_JWT_VERIFIER',
      '--jwt-verifier',
    ])
    expect(variableName('redisUrl')).toBe('REDIS_URL')
    expect(new Set(SETTING_NAMES.map(variableName)).size).toBe(SETTING_NAMES.length)
  })
})

import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { KeyRing } from '#contract/keys.ts'
import { runCommand, workingFolder } from './run-command.ts'

describe('stillin keys create', () => {
  it('writes a key ring and tokens for this user only, and keeps what is there when asked to', async () => {
    await using folder = await workingFolder()
    const args = [
      'keys',
      'create',
      'keys.json',
      '--jwt-algorithm',
      'ES256',
      '--token',
      'admin',
      '--token',
      'control',
    ]
    expect((await runCommand(args, folder.path)).code).toBe(0)
    const read = (name: string) => readFile(join(folder.path, name), 'utf8')
    const [ring, admin, control] = await Promise.all(['keys.json', 'admin', 'control'].map(read))
    expect((JSON.parse(ring ?? '') as KeyRing).signing.algorithm).toBe('ES256')
    expect(admin).toMatch(/^[\w-]{43}\n$/)
    expect(control).not.toBe(admin)
    for (const name of ['keys.json', 'admin', 'control']) {
      expect((await stat(join(folder.path, name))).mode & 0o777).toBe(0o600)
    }
    expect(await runCommand([...args, '--keep'], folder.path)).toMatchObject({ code: 0, out: '' })
    expect(await read('keys.json')).toBe(ring)
    await runCommand(args, folder.path)
    expect(await read('keys.json')).not.toBe(ring)
  })
})

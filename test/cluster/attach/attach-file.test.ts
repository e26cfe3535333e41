import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readAttachFile } from '#cluster/attach/attach-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'stillin-attach-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const GOOD = {
  control: { url: 'http://10.0.0.1:9090', tokenFile: 'control-token' },
  adminTokenFile: '/run/secrets/admin-token',
  settings: { users: 1000, forwarder: 'http-proxy', jwtAlgorithm: 'HS256', jwtVerifier: 'jose' },
  commands: { kill: ['ssh', '{host}', 'pkill', '-9', '-f', 'auth/main'] },
}

function read(content: unknown) {
  const path = join(folder, 'attach.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return readAttachFile(path)
}

it('a file is read, and its token files are found beside it', () => {
  const file = read(GOOD)
  expect(file.control.tokenFile).toBe(join(folder, 'control-token'))
  expect(file.adminTokenFile).toBe('/run/secrets/admin-token')
  expect(file.commands?.kill?.[0]).toBe('ssh')
})

it.each([
  ['no JSON', '{', /attach\.json: .*JSON/],
  ['a missing address', { ...GOOD, control: { tokenFile: 'x' } }, /\/control/],
  ['an unknown key', { ...GOOD, colour: 'red' }, /attach\.json/],
  ['a command that is a line for a shell', { ...GOOD, commands: { kill: 'rm -rf' } }, /\/commands\/kill/],
  [
    'an unknown forwarder',
    { ...GOOD, settings: { ...GOOD.settings, forwarder: 'x' } },
    /\/settings\/forwarder/,
  ],
])('%s is refused, naming what is wrong', (_what, content, message) => {
  expect(() => read(content)).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) }),
  )
})

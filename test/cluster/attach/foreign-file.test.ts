import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { readAttachFile } from '#cluster/attach/attach-file.ts'
import { readForeignFile } from '#cluster/attach/foreign-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'stillin-foreign-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const GOOD = {
  entrance: 'http://10.0.0.1:8080/',
  nodes: [
    { id: 'a', url: 'http://10.0.0.2:4000', commands: { start: ['systemctl', 'start', 'shop@{id}'] } },
    { id: 'b', url: 'http://10.0.0.3:4000' },
  ],
  requests: {
    login: { method: 'POST', path: '/login', body: { user: '{username}', password: '{password}' } },
    lookup: { method: 'GET', path: '/me' },
    logout: { method: 'DELETE', path: '/login' },
  },
  users: { pattern: 'user-{n}', count: 3, from: 7, password: 'x' },
  commands: { kill: ['ssh', '{host}', 'kill', '{id}', '{port}'], start: ['ssh', '{host}', 'start'] },
}

function written(content: unknown): string {
  const path = join(folder, 'shop.json')
  writeFileSync(path, JSON.stringify(content))
  return path
}

describe('a file with an entrance', () => {
  const service = readForeignFile(written(GOOD))

  it('describes a service as a target', () => {
    expect(service?.target).toMatchObject({
      url: 'http://10.0.0.1:8080',
      nodes: [{ id: 'a' }, { id: 'b' }],
      credential: { cookies: 'all' },
      statuses: { in: [200], out: [401] },
      userMember: undefined,
    })
    expect(service?.target.requests.login).toEqual({
      method: 'POST',
      path: '/login',
      headers: { 'content-type': 'application/json' },
      body: '{"user":"{user}","password":"{password}"}',
    })
    expect(service?.users.map(({ id }) => id)).toEqual(['user-7', 'user-8', 'user-9'])
  })

  it('fills in the blanks of commands, and lets a node have its own', () => {
    expect(service?.nodes.map(({ commands }) => commands)).toEqual([
      { kill: ['ssh', '10.0.0.2', 'kill', 'a', '4000'], start: ['systemctl', 'start', 'shop@a'] },
      { kill: ['ssh', '10.0.0.3', 'kill', 'b', '4000'], start: ['ssh', '10.0.0.3', 'start'] },
    ])
  })

  it('is none of a cluster of ours, which says where it can be used', () => {
    expect(() => readAttachFile(written(GOOD))).toThrow(
      expect.objectContaining({ exitCode: 2, hint: expect.stringContaining('demo, chaos, lag and bench') }),
    )
  })

  it('is what deploy has an example of', () => {
    const example = readForeignFile(
      fileURLToPath(new URL('../../../deploy/attach-foreign.json', import.meta.url)),
    )
    expect(example?.nodes).toHaveLength(2)
  })
})

it('a file with a control is a cluster of ours', () => {
  expect(readForeignFile(written({ control: {} }))).toBeUndefined()
})

const { requests } = GOOD
it.each([
  ['neither control nor entrance', {}, /needs control .* or entrance/],
  ['both', { ...GOOD, control: {} }, /rule each other out/],
  ['an entrance with a path', { ...GOOD, entrance: 'http://x/shop' }, /\/entrance/],
  ['an unknown key', { ...GOOD, colour: 'red' }, /\/colour is no field of this file/],
  ['no lookup', { ...GOOD, requests: { login: requests.login } }, /\/requests .*lookup/],
  [
    'a pointer that is none',
    { ...GOOD, requests: { ...requests, lookup: { ...requests.lookup, user: 'name' } } },
    /\/requests\/lookup\/user/,
  ],
  [
    'a status that means both',
    { ...GOOD, requests: { ...requests, lookup: { ...requests.lookup, out: [200] } } },
    /200 cannot mean both/,
  ],
  ['a token that goes nowhere', { ...GOOD, token: { pointer: '/t', headers: { a: 'b' } } }, /\{token\}/],
  [
    'a pattern without a number',
    { ...GOOD, users: { ...GOOD.users, pattern: 'x' } },
    /\/users must be a list/,
  ],
  ['no password', { ...GOOD, users: { pattern: '{n}', count: 1 } }, /password or passwordFile/],
  [
    'a password file that is not there',
    { ...GOOD, users: { pattern: '{n}', count: 1, passwordFile: 'nowhere' } },
    /\/users\/passwordFile: /,
  ],
  [
    'a login that does not say who',
    { ...GOOD, requests: { ...requests, login: { ...requests.login, body: 'x' } } },
    /\{username\}/,
  ],
  ['one node twice', { ...GOOD, nodes: [GOOD.nodes[0], GOOD.nodes[0]] }, /names a twice/],
  [
    'an address for some nodes',
    { ...GOOD, nodes: [GOOD.nodes[0], { id: 'c' }] },
    /every node a url, or none/,
  ],
  ['a pause without an end', { ...GOOD, commands: { pause: ['x'] } }, /pause and resume go together/],
  ['commands without nodes', { ...GOOD, nodes: undefined }, /\/commands needs \/nodes/],
])('%s is refused, naming what is wrong', (_what, content, message) => {
  expect(() => readForeignFile(written(content))).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) }),
  )
})

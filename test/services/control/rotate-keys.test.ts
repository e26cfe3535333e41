import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { KeyRing } from '#contract/keys.ts'
import { TOKEN_ALGORITHMS } from '#contract/keys.ts'
import { createClusterView } from '#services/control/cluster-view.ts'
import { createControl } from '#services/control/control.ts'
import { type KeyFile, keyFile, newSigningKey } from '#services/control/key-file.ts'
import { rotateKeys } from '#services/control/rotate-keys.ts'
import { fakeParts, part, problem } from './parts.ts'

const DAY_MS = 86_400_000
const OLD = { kid: 'old', alg: 'HS256', kty: 'oct', k: 'x' } as const
const RING: KeyRing = {
  cookieSecret: 's',
  signing: { algorithm: 'HS256', currentKid: 'old', keys: [OLD] },
}

/** A file in memory that writes down every ring it was given. */
function memoryFile(first: KeyRing = RING) {
  const written: KeyRing[] = []
  const file: KeyFile = {
    read: async () => written.at(-1) ?? first,
    write: async (ring) => void written.push(ring),
  }
  const states = () =>
    written.map(({ signing: { currentKid, keys } }) => [
      currentKid === 'old' ? 'old signs' : 'new signs',
      keys.map(({ kid }) => (kid === 'old' ? 'old' : 'new')).join(' '),
    ])
  return { file, written, states }
}

async function setUp(ids = ['node-1', 'node-2', 'proxy']) {
  const parts = fakeParts()
  const view = createClusterView('jwt', true)
  view.update(ids.map((id) => part(id)))
  return { parts, view }
}

describe('a rotation of keys', () => {
  it('lets everybody know the new key before anybody signs with it', async () => {
    const { parts, view } = await setUp()
    const { file, states } = memoryFile()
    const outcome = await rotateKeys(view, parts, file, false)
    expect(states()).toEqual([
      ['old signs', 'old new'],
      ['new signs', 'old new'],
    ])
    expect(parts.told).toEqual(['keys node-1', 'keys node-2', 'keys node-1', 'keys node-2'])
    expect(outcome).toMatchObject({ algorithm: 'HS256', kids: ['old', expect.any(String)] })
  })

  it('takes the old keys away last, when they are to be revoked', async () => {
    const { parts, view } = await setUp()
    const { file, states } = memoryFile()
    await rotateKeys(view, parts, file, true)
    expect(states()).toEqual([
      ['old signs', 'old new'],
      ['new signs', 'old new'],
      ['new signs', 'new'],
    ])
  })

  it('puts everything back when a node cannot take the new key', async () => {
    const { parts, view } = await setUp()
    const { file, written } = memoryFile()
    parts.problems.set('keys node-2', problem('node-2', false))
    expect(await rotateKeys(view, parts, file, true)).toMatchObject({ status: 502 })
    expect(written.at(-1)).toEqual(RING)
  })

  it('waits for nobody who is paused, and asks nobody who is dead', async () => {
    const { parts, view } = await setUp()
    const { file, written } = memoryFile()
    view.update([part('node-1', 'stopped'), part('node-2', 'paused'), part('proxy')])
    expect(await rotateKeys(view, parts, file, false)).toMatchObject({ status: 409 })
    expect(written).toEqual([])
    view.update([part('node-1', 'stopped'), part('node-2'), part('proxy')])
    expect(await rotateKeys(view, parts, file, false)).toMatchObject({ algorithm: 'HS256' })
    expect(parts.told).toEqual(['keys node-2', 'keys node-2'])
  })

  it('lets go of keys that no living token can have been made with, and says when there are too many', async () => {
    const { parts, view } = await setUp()
    const { file, written } = memoryFile()
    await rotateKeys(view, parts, file, false, 1_000)
    await rotateKeys(view, parts, file, false, 2_000)
    await rotateKeys(view, parts, file, false, 1_500 + DAY_MS)
    expect(written.at(-1)?.signing.keys.map(({ kid }) => kid)).not.toContain('old')
    expect(written.at(-1)?.signing.keys).toHaveLength(3)
    for (let round = 0; round < 13; round += 1) await rotateKeys(view, parts, file, false, 1_600 + DAY_MS)
    expect(await rotateKeys(view, parts, file, false, 1_600 + DAY_MS)).toMatchObject({ status: 409 })
  })
})

it('control without a key file says so', async () => {
  const { parts, view } = await setUp()
  const control = createControl({ view, client: parts, supervisor: undefined })
  expect(await control.rotateKeys(false)).toMatchObject({
    status: 409,
    message: expect.stringContaining('STILLIN_KEYS_FILE'),
  })
})

it('a key file is replaced whole and is for this user only', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stillin-keys-'))
  try {
    const path = join(folder, 'ring.json')
    const file = keyFile(path)
    await file.write(RING)
    await file.write({ ...RING, cookieSecret: 't' })
    expect(await file.read()).toEqual({ ...RING, cookieSecret: 't' })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['ring.json'])
    expect(await readFile(path, 'utf8')).toContain('"cookieSecret": "t"')
  } finally {
    await rm(folder, { recursive: true })
  }
})

it.each(TOKEN_ALGORITHMS)(
  'a new key for %s is private, named, and never the same twice',
  async (algorithm) => {
    const [one, two] = [await newSigningKey(algorithm), await newSigningKey(algorithm)]
    expect(one).toMatchObject({ alg: algorithm, use: 'sig' })
    expect(one.kid).not.toBe(two.kid)
    expect(algorithm === 'HS256' ? one['k'] : one['d']).toEqual(expect.any(String))
  },
)

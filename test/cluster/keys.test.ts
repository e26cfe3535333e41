import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importJWK, jwtVerify, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKeyRing, createToken, writeKeyRing, writePrivateFile } from '#cluster/keys.ts'
import { type KeyRing, TOKEN_ALGORITHMS } from '#contract/keys.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('a key ring', () => {
  it.each(TOKEN_ALGORITHMS)('for %s signs what it verifies', async (algorithm) => {
    const { signing } = createKeyRing(algorithm)
    const jwk = signing.keys[0]
    if (jwk === undefined) throw new Error('there is no key')
    expect(jwk).toMatchObject({ kid: signing.currentKid, alg: algorithm })
    const key = await importJWK(jwk, algorithm)
    const token = await new SignJWT({}).setProtectedHeader({ alg: algorithm }).sign(key)
    const { d: _private, ...rest } = jwk
    const verifying = algorithm === 'HS256' ? key : await importJWK(rest, algorithm)
    await expect(jwtVerify(token, verifying, { algorithms: [algorithm] })).resolves.toBeDefined()
  })

  it('is never the same twice', () => {
    const [one, two] = [createKeyRing('HS256'), createKeyRing('HS256')]
    expect(one.cookieSecret).not.toBe(two.cookieSecret)
    expect(one.signing.currentKid).not.toBe(two.signing.currentKid)
    expect(Buffer.from(one.cookieSecret, 'base64url')).toHaveLength(32)
  })

  it('is written for this user only, also over a file that others could read', async () => {
    const file = join(folder, 'keys.json')
    await writeFile(file, '{}', { mode: 0o644 })
    const ring = createKeyRing('ES256')
    await writeKeyRing(file, ring)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(file, 'utf8')) as KeyRing).toEqual(ring)
    expect(await readdir(folder)).toEqual(['keys.json'])
  })
})

describe('a token', () => {
  it('has 256 random bits', () => {
    expect(Buffer.from(createToken(), 'base64url')).toHaveLength(32)
    expect(createToken()).not.toBe(createToken())
  })

  it('leaves nothing behind where it cannot be written', async () => {
    await expect(writePrivateFile(join(folder, 'missing', 'token'), 'x')).rejects.toThrow(/ENOENT/)
    expect(await readdir(folder)).toEqual([])
  })
})

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compactVerify, decodeProtectedHeader, errors } from 'jose'
import { describe, expect, test } from 'vitest'
import { readKeyRing } from '#services/auth/key-ring.ts'
import { isCanonicalToken } from '#services/auth/tokens/canonical-token.ts'
import { joseVerifier } from '#services/auth/tokens/jose-verifier.ts'
import { nodeVerifier } from '#services/auth/tokens/node-verifier.ts'
import type { SigningKeys } from '#services/auth/tokens/signing-keys.ts'
import { importSigningKeys } from '#services/auth/tokens/signing-keys.ts'
import { temporaryFolder } from '../test-node.ts'

interface Vector {
  tcId: number
  comment: string
  /** Some are in JSON serialisation, which is no compact token. */
  jws: unknown
  result: 'valid' | 'invalid'
}
type Jwk = Record<string, unknown>
interface Group {
  comment: string
  private: Jwk & { keys?: Jwk[] }
  tests: Vector[]
}

const FOLDER = new URL('../../../../../shared/vectors/wycheproof/', import.meta.url)
const JWS = new URL('json_web_signature_test.json', FOLDER)
const JWK = new URL('json_web_key_test.json', FOLDER)
const missing = [JWS, JWK].filter((file) => !existsSync(file))

const NOT_OFFERED = 'an algorithm that no key ring here is for (HS256, RS256, ES256, EdDSA are)'

/** Where our answer is another than the vectors', and why that is right or harmless. */
const DISAGREEMENTS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  jws: {
    259: 'an empty payload: none of our tokens has one, and the canonical form wants every segment to say something',
    349: 'its key_ops are one text, "sign, verify", which WebCrypto refuses as no key operation',
    367: 'published without the padding its name speaks of: letter for letter vector 357, which is valid',
    370: 'as 367',
    372: 'characters outside the alphabet, to be skipped: one token would have many spellings',
    373: 'as 372',
    ...among(NOT_OFFERED, 264, 265, 266, 267, 268, 269, 270, 271, 272, 273, 274, 275, 287, 288),
    ...among(NOT_OFFERED, 320, 321, 322, 323, 325, 326, 327, 328, 346, 347, 350, 351),
  },
  jwk: {
    7: 'an RSA key of a faulty smart card (ROCA): keys come from an operator’s file, not from strangers, and are not searched for such faults',
    ...among(NOT_OFFERED, 14, 15),
  },
}

function among(reason: string, ...ids: number[]): Record<number, string> {
  return Object.fromEntries(ids.map((id) => [id, reason]))
}

/** Takes keys in as a node does: from a key ring file. undefined: the file is refused. */
async function admitted(jwks: readonly Jwk[]): Promise<SigningKeys | undefined> {
  using folder = temporaryFolder()
  const file = join(folder.path, 'keys.json')
  const [first] = jwks
  const signing = { algorithm: first?.['alg'], currentKid: first?.['kid'], keys: jwks }
  writeFileSync(file, JSON.stringify({ cookieSecret: 'A'.repeat(43), signing }))
  try {
    return await importSigningKeys(readKeyRing(file))
  } catch {
    return undefined
  }
}

/** The checks that a token of ours passes before its claims are read, in their order. */
async function isSigned(jws: unknown, keys: SigningKeys): Promise<boolean> {
  if (typeof jws !== 'string' || !isCanonicalToken(jws)) return false
  try {
    const key = keys.verifying.get(decodeProtectedHeader(jws).kid ?? '')
    if (key === undefined) return false
    await compactVerify(jws, key, { algorithms: [keys.algorithm] })
    return true
  } catch (error) {
    // `decodeProtectedHeader` throws a TypeError for what is no header.
    if (error instanceof errors.JOSEError || error instanceof TypeError) return false
    throw error
  }
}

function readGroups(file: URL): Group[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { testGroups: Group[] }).testGroups
}

describe.skipIf(missing.length > 0)(
  missing.length === 0
    ? 'the Wycheproof vectors'
    : `the Wycheproof vectors (skipped: ../shared/vectors/wycheproof is not beside this project)`,
  () => {
    test.each([
      ['jws', JWS, 401],
      ['jwk', JWK, 26],
    ] as const)(
      'of %s: we agree with all of them but those listed here with reasons',
      async (name, file, count) => {
        const differing: number[] = []
        let seen = 0
        for (const group of readGroups(file)) {
          const keys = await admitted(group.private.keys ?? [group.private])
          for (const { tcId, jws, result } of group.tests) {
            seen += 1
            const accepted = keys !== undefined && (await isSigned(jws, keys))
            if (accepted !== (result === 'valid')) differing.push(tcId)
          }
        }
        expect(seen).toBe(count)
        expect(differing.toSorted((a, b) => a - b)).toEqual(
          Object.keys(DISAGREEMENTS[name] ?? {}).map(Number),
        )
      },
    )

    test('of HS256 are judged alike by node:crypto and by jose', async () => {
      let compared = 0
      for (const group of readGroups(JWS)) {
        const keys = await admitted([group.private])
        if (keys?.algorithm !== 'HS256') continue
        const verifier = nodeVerifier(keys, 300)
        for (const { tcId, jws } of group.tests) {
          if (typeof jws !== 'string' || !isCanonicalToken(jws)) continue
          compared += 1
          // Past the signature it is the claims that are wrong: no vector is a token of ours.
          const past = (await verifier.verify(jws, Date.now())) !== 'signature'
          expect([tcId, past]).toEqual([tcId, await isSigned(jws, keys)])
        }
      }
      expect(compared).toBeGreaterThan(10)
    })

    test('pass for access tokens never, however well they are signed', async () => {
      for (const group of readGroups(JWS)) {
        const keys = await admitted([group.private])
        if (keys === undefined) continue
        const verifier = joseVerifier(keys, 300)
        for (const { jws } of group.tests)
          if (typeof jws === 'string' && isCanonicalToken(jws))
            expect(await verifier.verify(jws, Date.now())).toMatch(/^(signature|malformed)$/)
      }
    })
  },
)

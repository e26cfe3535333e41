import { type Algorithm, hash, hashSync, verify } from '@node-rs/argon2'

/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. (2 is argon2id; the library's enum has no run time value.) */
const OPTIONS = { algorithm: 2 as Algorithm, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Of a random password nobody kept, with the same cost: what an unknown user's password is compared with. */
const DUMMY_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$9PsXo3x/LSUtCavftrz7Jg$oWGWjlsunSDO/dDgzfR3nYqL5dtGir1unzueQzt1cC8'

/** On the event loop: for the start of the first node, where there is nothing to keep waiting. */
export function hashPassword(password: string): string {
  return hashSync(password, OPTIONS)
}

/** Off the event loop. */
export function hashNewPassword(password: string): Promise<string> {
  return hash(password, OPTIONS)
}

/** @param passwordHash undefined for an unknown user: takes as long and is always false. Off the event loop, about 12 ms of CPU. */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? DUMMY_HASH, password)
  return matches && passwordHash !== undefined
}

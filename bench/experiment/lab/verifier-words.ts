import type { LabOptions } from './lab.ts'

/** How tokens were checked, as a result says it: `jose`, and what changes its cost. */
export function verifierWords({ jwtVerifier, jwtEncrypt, jwtCache }: LabOptions): string {
  const encrypted = jwtEncrypt ? ', tokens encrypted (dir, A256GCM) instead of signed' : ''
  const remembered = jwtCache ? `, up to ${jwtCache} verified tokens remembered by each node` : ''
  return `${jwtVerifier}${encrypted}${remembered}`
}

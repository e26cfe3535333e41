import { Signer } from '@fastify/cookie'
import type { ModeName } from '#contract/modes.ts'
import { MODES } from '#contract/modes.ts'
import { deriveKey } from '../key-ring.ts'
import type { SessionStore } from '../sessions/session-store.ts'
import { sessionCookie } from './session-cookie.ts'
import type { SessionReader } from './session-reader.ts'
import { SessionStrategy } from './session-strategy.ts'
import type { StrategyParts } from './strategies.ts'

/** Sessions of one mode over a store, read in the way that this node was set to. */
export async function createSessionStrategy(
  name: ModeName,
  store: SessionStore,
  { config, keyRing, clock }: Pick<StrategyParts, 'config' | 'keyRing' | 'clock'>,
): Promise<SessionStrategy> {
  const signer = new Signer(deriveKey(keyRing.cookieSecret, `session cookie ${name}`))
  const cookie = sessionCookie(config.tls)
  const reader = await createReader()
  return new SessionStrategy({ mode: MODES[name], store, reader, cookie, signer, clock })

  async function createReader(): Promise<SessionReader> {
    if (config.sessionReader === 'direct') {
      const { DirectSessionReader } = await import('./direct-session-reader.ts')
      return new DirectSessionReader(store, signer, cookie.name)
    }
    const { FastifySessionReader } = await import('./fastify-session-reader.ts')
    return new FastifySessionReader(store, signer, cookie)
  }
}

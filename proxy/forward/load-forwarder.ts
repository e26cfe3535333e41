import type { ForwarderName } from '#contract/environment.ts'
import type { ProxySettings } from '../settings.ts'
import type { Forwarder } from './forwarder.ts'

/** Loads the chosen forwarder and nothing of the other. */
export async function loadForwarder(
  name: ForwarderName,
  settings: ProxySettings['upstream'],
): Promise<Forwarder> {
  if (name === 'undici') {
    const { createUndiciForwarder } = await import('./undici-forwarder.ts')
    return createUndiciForwarder(settings)
  }
  const { silenceDep0060 } = await import('./silence-dep0060.ts')
  silenceDep0060()
  const { createHttpProxyForwarder } = await import('./http-proxy-forwarder.ts')
  return createHttpProxyForwarder(settings)
}

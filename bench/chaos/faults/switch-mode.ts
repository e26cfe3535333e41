import { EXIT, StillinError } from '#contract/errors.ts'
import type { Fault } from '../fault.ts'
import { injected } from '../injected.ts'

/** The cluster is switched to another mode under load, as a migration does, and back: credentials of one mean nothing in the other. */
export const switchMode: Fault = {
  name: 'switch-mode',
  summary: 'all nodes switch to mode cookie (from cookie: to jwt), and back',
  hits: 'mode',
  forMs: 1_500,
  takesMs: 0,
  needs: [],
  async inject(cluster, _chance, mode) {
    if (mode === undefined)
      throw new StillinError('switch-mode: this service knows no modes', { exitCode: EXIT.usage })
    const other = mode === 'cookie' ? 'jwt' : 'cookie'
    await cluster.setMode(other)
    return injected({ part: `mode ${other}` }, async () => {
      await cluster.setMode(mode)
    })
  },
}

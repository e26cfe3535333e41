import { MODES, type ModeName } from '#contract/modes.ts'

/** Where the sessions of a mode lie. Modes with one home find what each other left there: a home is filled once. */
export type SessionHome = 'node-memory' | 'every-node' | 'redis' | 'redis-stock'

/** undefined: nobody but the client keeps anything of a login. */
export function sessionHome(mode: ModeName): SessionHome | undefined {
  const { store } = MODES[mode]
  if (store === 'client') return undefined
  return mode === 'redis-stock' ? mode : store
}

/** The mode that fills its home: a token behind which a session stands leaves in Redis what a session alone does. */
export function fillingMode(mode: ModeName): ModeName {
  return mode === 'jwt-hybrid' ? 'redis' : mode
}

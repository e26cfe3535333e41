import type { ModeName } from './modes.ts'

/** A bug that can be switched on to see whether anybody notices; in every other mode it changes nothing. */
export interface PlantDescription {
  /** The mode in which it bites. */
  readonly mode: ModeName
  readonly summary: string
}

/** Planted bugs, by the name that `STILLIN_PLANT` takes under `NODE_ENV=test`. */
export const PLANTS = {
  'stock-rolling-save': {
    mode: 'redis',
    summary: 'every answer saves the whole session again, also one that was deleted meanwhile',
  },
  'denylist-by-token-text': {
    mode: 'jwt-denylist',
    summary: 'a logout denies the text of the token, not the login that other texts belong to',
  },
  'read-then-write-refresh': {
    mode: 'jwt',
    summary: 'a refresh token is read, compared, and then replaced: two at once both succeed',
  },
  'read-then-delete-one-time': {
    mode: 'redis',
    summary: 'a link is read and then deleted: two claims at once both succeed',
  },
  'logout-everywhere-by-index': {
    mode: 'redis',
    summary: 'log-out-everywhere deletes what an index lists; there is no epoch',
  },
  'pushed-without-repair': {
    mode: 'jwt-pushed',
    summary: 'revocations by publish and subscribe: what a lost connection misses is never told again',
  },
  'fail-open': { mode: 'jwt-denylist', summary: 'a list that cannot be asked denies nothing' },
  'order-by-iat': {
    mode: 'jwt-denylist',
    summary: 'log-out-everywhere compares seconds of issue, in which a login and its end can tie',
  },
  'count-then-insert-limit': {
    mode: 'redis',
    summary: 'sessions are counted, and then one more is made: logins at once exceed the limit',
  },
} as const satisfies Record<string, PlantDescription>

export type PlantName = keyof typeof PLANTS
export const PLANT_NAMES = Object.keys(PLANTS) as readonly PlantName[]

export function isPlantName(name: string): name is PlantName {
  return Object.hasOwn(PLANTS, name)
}

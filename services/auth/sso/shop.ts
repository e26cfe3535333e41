import { EXIT, StillinError } from '#contract/errors.ts'

/** A second service that accepts the logins made here. */
export interface Shop {
  /** A code is good for this origin and no other. */
  readonly origin: string
  readonly secret: string
}

/** @throws StillinError (usage) when one is set without the other. */
export function readShop(origin: string | undefined, secret: string | undefined): Shop | undefined {
  if (origin === undefined && secret === undefined) return undefined
  if (origin !== undefined && secret !== undefined) return { origin, secret }
  throw new StillinError('STILLIN_SHOP_ORIGIN and STILLIN_SHOP_SECRET: set both or neither', {
    exitCode: EXIT.usage,
  })
}

import { MODES } from '#contract/modes.ts'
import { connectRedis } from '../credentials/redis-of-mode.ts'
import { TokenStrategy } from '../credentials/token-strategy.ts'
import { AnswerError } from '../errors.ts'
import { Denylist } from '../tokens/denylist.ts'
import type { RevocableClaims } from '../tokens/revocations.ts'
import type { Plant } from './plant.ts'

/** Rather available than right: a list that does not answer is taken for an empty one. */
class FailOpenDenylist extends Denylist {
  override async isRevoked(claims: RevocableClaims): Promise<boolean> {
    try {
      return await super.isRevoked(claims)
    } catch (error) {
      if (error instanceof AnswerError) return false
      throw error
    }
  }
}

export const failOpen: Plant = {
  strategies: {
    'jwt-denylist': async (parts) => {
      const { clock } = parts
      const mode = MODES['jwt-denylist']
      const revocations = new FailOpenDenylist(await connectRedis(mode, parts))
      return new TokenStrategy({ mode, codec: await parts.codec(), clock, revocations })
    },
  },
}

import type { MixedRequest } from '#bench/load/plan.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { LAB } from '#contract/lab.ts'
import { type Mix, type MixedOperation, sharesOf } from '#contract/mix.ts'
import type { Mode } from '#contract/modes.ts'
import type { Target } from '#contract/target.ts'
import { payloadOf } from '../payload/payload.ts'

/** What a write leaves where no payload is asked for. */
const WRITE_BYTES = 32
/** CPU time of one password check, s: argon2 at its usual setting. Only for choosing a rate that all arms can carry. */
const PASSWORD_S = 0.015

/**
 * The requests of a mix as a generator sends them. A login is sent without a credential, as somebody new; a refresh while
 * nothing else of its user's is under way, since it may end what the user held before.
 * @throws StillinError where the mix asks for what is not offered.
 */
export function mixedRequests(mix: Mix, target: Target, mode: Mode, payloadBytes: number): MixedRequest[] {
  const data = JSON.stringify(payloadOf(payloadBytes || WRITE_BYTES))
  const kind = (operation: MixedOperation): Omit<MixedRequest, 'weight'> => {
    const request = target.requests[operation]
    const expectation = mode.expected[operation].live
    if (!request || (expectation === 'none' && operation !== 'refresh')) throw notOffered(operation)
    switch (operation) {
      case 'login':
        return {
          request,
          userMember: 'user.id',
          expectation: 'accept',
          withoutCredential: true,
          blanks: { password: LAB.password },
        }
      case 'write':
        return { request, userMember: target.userMember, blanks: { data } }
      case 'refresh':
        return { request, userMember: target.userMember, isAlone: true }
      default:
        return { request, userMember: target.userMember }
    }
  }
  return sharesOf(mix).map(([operation, weight]) => ({ weight, ...kind(operation) }))
}

/** What carries so many lookups a second carries fewer requests of a mix: passwords are dear on purpose. */
export function mixedCapacity(lookupsPerS: number, mix: Mix | undefined, cores: number): number {
  const logins = sharesOf(mix ?? {}).find(([operation]) => operation === 'login')?.[1] ?? 0
  return 1 / (1 / lookupsPerS + (logins * PASSWORD_S) / cores)
}

function notOffered(operation: MixedOperation): StillinError {
  return new StillinError(`--mix: ${operation} is not offered here`, {
    exitCode: EXIT.usage,
    hint: 'Only a login that is renewed by pair can be refreshed: start the cluster with --renewal pair, or leave it out.',
  })
}

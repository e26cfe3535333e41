import type { InjectedFault } from './fault.ts'

type Hit = Pick<InjectedFault, 'part'> &
  Partial<Pick<InjectedFault, 'detail' | 'emptied' | 'forged' | 'joined' | 'steps'>>

/** A fault in force on a part, healed once however often it is disposed. */
export function injected(hit: Hit, heal: () => Promise<void>): InjectedFault {
  let healing: Promise<void> | undefined
  return {
    part: hit.part,
    detail: hit.detail,
    emptied: hit.emptied ?? [],
    forged: hit.forged,
    joined: hit.joined,
    steps: hit.steps ?? [],
    [Symbol.asyncDispose]: () => {
      healing ??= heal()
      return healing
    },
  }
}

import type { InjectedFault } from './fault.ts'

/** A fault in force on a part, healed once however often it is disposed. */
export function injected(
  hit: { part: string; emptied?: readonly string[] },
  heal: () => Promise<void>,
): InjectedFault {
  let healing: Promise<void> | undefined
  return {
    part: hit.part,
    emptied: hit.emptied ?? [],
    [Symbol.asyncDispose]: () => {
      healing ??= heal()
      return healing
    },
  }
}

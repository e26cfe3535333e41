import type { PayloadClientName, PayloadDemo, PayloadPhase } from '#contract/payload.ts'

const ALTERED: readonly PayloadClientName[] = ['later-end', 'as-admin']

/** What the look saved, and what it did not do; no more than was seen. */
export function payloadSentence({ readable, rows }: Omit<PayloadDemo, 'sentence'>): string {
  const of = (name: PayloadClientName) => rows.find(({ client }) => client === name)
  const logout = of('logged-out')
  const afterLogout = logout && aboutLogout(logout.good, readable)
  if (!readable) {
    const none = 'There is nothing that the client could read, so it sends everything'
    return `${[none, afterLogout].filter((part) => part !== undefined).join('; ')}.`
  }
  const looks = of('looks')?.over
  const slow = of('slow-clock')?.over
  const fast = of('fast-clock')?.good
  const altered = rows.filter(({ client }) => ALTERED.includes(client)).flatMap((row) => [row.good, row.over])
  const phases = altered.filter((phase) => phase !== undefined)
  const parts = [
    looks && `Looking saved ${looks.keptBack} of ${looks.wanted} requests that would have been refused`,
    `of ${sum(phases, 'reached')} with something else written into the token the server accepted ${sum(phases, 'accepted') || 'none'}`,
    slow && `with a clock an hour slow the look saved ${slow.keptBack || 'none'}`,
    fast && `with one an hour fast it kept back ${fast.keptBack} that would have been accepted`,
    afterLogout,
  ]
  return `${parts.filter((part) => part !== undefined).join('; ')}.`
}

function aboutLogout({ reached, accepted, keptBack }: PayloadPhase, readable: boolean): string {
  const known = keptBack > 0 ? `the look kept back ${keptBack}: ` : 'the look knows nothing of it: '
  return `after a logout ${readable ? known : ''}${reached} were sent, ${accepted || 'none'} accepted`
}

function sum(phases: readonly PayloadPhase[], member: 'reached' | 'accepted'): number {
  return phases.reduce((total, phase) => total + phase[member], 0)
}

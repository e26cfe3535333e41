import type { VisitorAction } from '#contract/dashboard.ts'
import type { Control } from '../control.ts'
import type { Journal } from './journal.ts'
import { VISITOR_USER, type Visitor } from './visitor.ts'
import type { VisitorAnswer } from './visitor-login.ts'

/** Carries out what the visitor asks for, and writes it into the event log. */
export interface VisitorDesk {
  /** `done` false: `text` says why not. */
  act(action: VisitorAction): Promise<{ done: boolean; text: string }>
  /** Have the nodes been told to hand out refresh tokens? */
  byPair(): boolean
}

const NO_LOGIN = { done: false, text: 'log in first' }

export function createVisitorDesk(control: Control, visitor: Visitor, journal: Journal): VisitorDesk {
  async function change(what: 'ban' | 'role', value: boolean | 'user' | 'admin', text: string) {
    const outcome = await control.changeUser(
      VISITOR_USER,
      what === 'ban'
        ? { kind: 'ban', body: { banned: value === true } }
        : { kind: 'role', body: { role: value === 'admin' ? 'admin' : 'user' } },
    )
    if ('status' in outcome) return { done: false, text: outcome.message }
    if (outcome.error !== undefined) return { done: false, text: 'not every node did it; try again' }
    // A ban lifted gives no login back; every other change ends those there are, when the mode can.
    if (!(what === 'ban' && value === false)) visitor.endAll(text, outcome.change?.revokes ?? '')
    return { done: true, text: `${VISITOR_USER}: ${text}` }
  }
  async function renewByPair() {
    const outcome = await control.renewBy({ renewal: 'pair' })
    if ('status' in outcome) return { done: false, text: outcome.message }
    if (outcome.late.length > 0)
      return { done: false, text: `${outcome.late.join(' and ')} did not confirm it; try again` }
    return { done: true, text: 'from now on a login comes with a refresh token' }
  }
  async function perform(action: VisitorAction): Promise<{ done: boolean; text: string }> {
    const state = control.state()
    switch (action) {
      case 'login': {
        const url = state.parts.find(({ kind }) => kind === 'proxy')?.url
        if (url === undefined) return { done: false, text: 'there is no proxy to log in through' }
        return said('login', await visitor.login(url, state))
      }
      case 'ask': {
        const answer = await visitor.ask()
        return said(`asked who I am with login ${visitor.view().asks.at(-1)?.credential}`, answer)
      }
      case 'logout':
        return said('logout', await visitor.logout(false))
      case 'logout-all':
        return said('log out everywhere', await visitor.logout(true))
      case 'password':
        return said('password change', await visitor.changePassword(state))
      case 'ban':
        return change('ban', true, 'ban')
      case 'unban':
        return change('ban', false, 'ban lifted')
      case 'demote':
        return change('role', 'user', 'demotion to user')
      case 'promote':
        return change('role', 'admin', 'promotion to admin')
      case 'renew-by-pair':
        return renewByPair()
      case 'refresh-twice':
        return refreshTwice(await visitor.refreshTwice(state))
    }
  }
  return {
    byPair: () => control.state().renewal?.renewal === 'pair',
    async act(action) {
      const outcome = await perform(action)
      journal.add('you', outcome.text)
      return outcome
    },
  }
}

function refreshTwice(answers: readonly VisitorAnswer[] | undefined): { done: boolean; text: string } {
  if (answers === undefined) return NO_LOGIN
  const each = answers.map((answer, at) => said(`tab ${at + 1}`, answer))
  return { done: each.some(({ done }) => done), text: each.map(({ text }) => text).join('; ') }
}

function said(what: string, answer: VisitorAnswer | undefined): { done: boolean; text: string } {
  if (answer === undefined) return NO_LOGIN
  const { status, node, body } = answer
  const why = body.reason ?? body.message ?? body.error
  const text = `${what}: ${status === 0 ? 'no answer' : status}${node ? ` by ${node}` : ''}${why ? `, ${why}` : ''}`
  // A 401 to a question is an answer; everything else that is no success was not done.
  return { done: (status >= 200 && status < 300) || (what.startsWith('asked') && status === 401), text }
}

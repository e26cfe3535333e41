import { accepted } from './answers.ts'
import type { Checker } from './checker.ts'

export const rightUser: Checker = {
  name: 'right-user',
  promise: 'Nobody ever sees another user.',
  check({ lines }) {
    const named = lines.filter((line) => accepted(line) && (line.op === 'lookup' || line.saw !== undefined))
    const breaks = named
      .filter((line) => line.outcome === 'wrong_user' || (line.saw !== undefined && line.saw !== line.user))
      .map((line) => {
        const issue = lines.find(({ issued }) => issued !== undefined && issued.login === line.login)
        return issue === undefined || issue === line ? [line] : [issue, line]
      })
    return {
      tested: named.length,
      breaks,
      what: 'answers that name a user',
      nothing: 'No accepted answer names a user.',
    }
  },
}

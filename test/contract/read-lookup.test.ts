import { expect, it } from 'vitest'
import { readLookup } from '#contract/read-lookup.ts'
import { textAt } from '#contract/text-at.ts'

it.each([
  ['id', 'ann'],
  ['user.id', 'bea'],
  ['/user/id', 'bea'],
  ['/list/1/n', '7'],
  ['/a~1b/~0', 'cleo'],
  ['list.1.n', undefined],
  ['/user', undefined],
  ['/nobody/id', undefined],
  ['/toString', undefined],
])('at %s stands %s', (place, text) => {
  const body = { id: 'ann', user: { id: 'bea' }, list: [{}, { n: 7 }], 'a/b': { '~': 'cleo' } }
  expect(textAt(body, place)).toBe(text)
})

const OURS = { userMember: 'id' }
const FOREIGN = { userMember: '/user', statuses: { in: [200, 304], out: [302] } }
it.each([
  ['our node names the user', OURS, 200, { id: 'ann' }, 'in'],
  ['our node refuses', OURS, 401, {}, 'out'],
  ['our node names nobody, which it never should', OURS, 200, {}, 'unclear'],
  ['a service sends to its login page', FOREIGN, 302, '', 'out'],
  ['a service names nobody', FOREIGN, 200, { user: null }, 'out'],
  ['a service names somebody else', FOREIGN, 200, { user: 'bea' }, 'unclear'],
  ['a service says what its file does not know', FOREIGN, 401, {}, 'unclear'],
  [
    'a service whose names nobody reads',
    { statuses: FOREIGN.statuses, userMember: undefined },
    304,
    '',
    'in',
  ],
])('%s', (_what, target, status, body, opinion) => {
  expect(readLookup(target, 'ann', status, body)).toBe(opinion)
})

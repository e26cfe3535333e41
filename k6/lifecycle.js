// The whole life of a login, over and over: login, lookups, a write, a logout, and the old credential again, which
// must be refused where the mode says that a logout takes hold at once (and may not be in the others).
//
//   stillin up --mode redis --no-links
//   k6 run -e STILLIN_MODE=redis k6/lifecycle.js
//
// STILLIN_URL   where clients go in             (http://127.0.0.1:8080)
// STILLIN_MODE  the mode that must answer       (whichever does)
// STILLIN_RATE  lives begun a second            (5; each has one password to check)
// STILLIN_TIME  how long                        (10s)
// STILLIN_USERS how many of the lab's users     (900): a cluster with fewer refuses the others
//
// In modes whose logout takes hold within a bound, the old credential is tried again after that bound.
import { check, sleep } from 'k6'
import { labUserId } from '../contract/lab.ts'
import { MODES } from '../contract/modes.ts'
import { expected, logIn, logOut, lookUp, THRESHOLDS, write } from './log-in.js'

const LOOKUPS = 5
const users = Number(__ENV.STILLIN_USERS || 900)

export const options = {
  scenarios: {
    lifecycle: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.STILLIN_RATE || 5),
      timeUnit: '1s',
      duration: __ENV.STILLIN_TIME || '10s',
      preAllocatedVUs: 50,
      maxVUs: 100,
    },
  },
  thresholds: THRESHOLDS,
  summaryTrendStats: ['med', 'p(90)', 'p(99)', 'max'],
}

export default function () {
  const login = logIn(labUserId((__VU * 97 + __ITER) % users))
  let areRight = true
  for (let lookup = 0; lookup < LOOKUPS; lookup += 1) areRight = lookUp(login) && areRight
  check(areRight, { 'every lookup names the user, or is refused as announced': (isRight) => isRight })
  check(write(login, { cart: ['a book'] }), {
    'the write is taken, or refused as announced': (isRight) => isRight,
  })
  const status = logOut(login)
  const logout = expected(login.mode, 'logout', 'live')
  check(status, {
    'the logout is acknowledged, or refused as announced': (seen) =>
      seen === 204 || (seen === 401 && logout === 'by-chance'),
  })
  // A logout that met a node which does not know the login has ended nothing.
  if (status !== 204) return
  const { boundMs } = MODES[login.mode]
  if (boundMs) sleep(boundMs / 1000)
  check(lookUp(login, 'logged-out'), { 'after the logout the table is kept': (isRight) => isRight })
}

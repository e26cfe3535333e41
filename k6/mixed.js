// What a site does all day, at a constant arrival rate: 94 % lookups, 4 % writes, 2 % logins.
//
//   stillin up --mode jwt --no-links
//   k6 run -e STILLIN_MODE=jwt k6/mixed.js
//
// STILLIN_URL    where clients go in             (http://127.0.0.1:8080)
// STILLIN_MODE   the mode that must answer       (whichever does)
// STILLIN_RATE   requests a second               (100)
// STILLIN_TIME   how long                        (10s)
// STILLIN_LIFETIME_S  of the cluster's logins    (300): a longer run is refused
// STILLIN_WRITES, STILLIN_LOGINS  in % of all    (4 and 2)
import { check } from 'k6'
import { labUserId } from '../contract/lab.ts'
import { logIn, lookUp, THRESHOLDS, withinLifetime, write } from './log-in.js'

const USERS = 20
const writes = Number(__ENV.STILLIN_WRITES || 4) / 100
const newLogins = Number(__ENV.STILLIN_LOGINS || 2) / 100

export const options = {
  scenarios: {
    mixed: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.STILLIN_RATE || 100),
      timeUnit: '1s',
      duration: withinLifetime(__ENV.STILLIN_TIME || '10s'),
      preAllocatedVUs: 50,
      maxVUs: 100,
    },
  },
  thresholds: THRESHOLDS,
  summaryTrendStats: ['med', 'p(90)', 'p(99)', 'max'],
  noCookiesReset: true,
}

export function setup() {
  return { logins: Array.from({ length: USERS }, (_, index) => logIn(labUserId(index))) }
}

export default function ({ logins }) {
  const login = logins[__ITER % logins.length]
  const draw = Math.random()
  if (draw < newLogins) {
    logIn(labUserId(USERS + (__VU % 100)))
  } else if (draw < newLogins + writes) {
    check(write(login, { cart: ['a book'] }), {
      'a write is taken, or refused as announced': (isRight) => isRight,
    })
  } else {
    check(lookUp(login), { 'a lookup names the user, or is refused as announced': (isRight) => isRight })
  }
}

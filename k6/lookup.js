// Logs users in once, then looks them up at a constant arrival rate.
//
//   stillin up --mode redis --no-links
//   k6 run -e STILLIN_URL=http://127.0.0.1:8080 k6/lookup.js
//
// STILLIN_URL   where clients go in             (http://127.0.0.1:8080)
// STILLIN_MODE  the mode that must answer       (whichever does)
// STILLIN_RATE  lookups a second                (200)
// STILLIN_TIME  how long                        (10s)
// STILLIN_USERS how many different users        (20)
// STILLIN_LIFETIME_S  of the cluster's logins   (300): a longer run is refused
//
// Any dropped iteration means that the rate was not kept: the latency figures are void, and the run fails.
import { check } from 'k6'
import { labUserId } from '../contract/lab.ts'
import { logIn, lookUp, THRESHOLDS, withinLifetime } from './log-in.js'

const users = Number(__ENV.STILLIN_USERS || 20)

export const options = {
  scenarios: {
    lookup: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.STILLIN_RATE || 200),
      timeUnit: '1s',
      duration: withinLifetime(__ENV.STILLIN_TIME || '10s'),
      preAllocatedVUs: 50,
      maxVUs: 100,
    },
  },
  thresholds: {
    ...THRESHOLDS,
    'http_req_duration{kind:lookup,expected_response:true}': ['p(99)<1000'],
  },
  summaryTrendStats: ['med', 'p(90)', 'p(99)', 'max'],
  noCookiesReset: true,
}

export function setup() {
  return { logins: Array.from({ length: users }, (_, index) => logIn(labUserId(index))) }
}

export default function ({ logins }) {
  const login = logins[__ITER % logins.length]
  check(lookUp(login), { 'the right user, or the refusal that the mode announces': (isRight) => isRight })
}

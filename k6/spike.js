// Lookups that multiply within a second, stay, and fall again: what a rate limit, a cold cache or a queue shows.
//
//   stillin up --mode redis --no-links
//   k6 run -e STILLIN_MODE=redis k6/spike.js
//
// STILLIN_URL    where clients go in             (http://127.0.0.1:8080)
// STILLIN_MODE   the mode that must answer       (whichever does)
// STILLIN_RATE   lookups a second before         (50)
// STILLIN_SPIKE  and at the height               (400)
//
// Here alone dropped iterations do not end the run: a spike may be more than the cluster carries, and they say so.
import { check } from 'k6'
import { labUserId } from '../contract/lab.ts'
import { logIn, lookUp, THRESHOLDS } from './log-in.js'

const USERS = 20
const before = Number(__ENV.STILLIN_RATE || 50)
const height = Number(__ENV.STILLIN_SPIKE || 400)

export const options = {
  scenarios: {
    spike: {
      executor: 'ramping-arrival-rate',
      startRate: before,
      timeUnit: '1s',
      preAllocatedVUs: 100,
      maxVUs: 300,
      stages: [
        { duration: '4s', target: before },
        { duration: '1s', target: height },
        { duration: '4s', target: height },
        { duration: '1s', target: before },
        { duration: '4s', target: before },
      ],
    },
  },
  thresholds: {
    wrong_answers: THRESHOLDS.wrong_answers,
    checks: THRESHOLDS.checks,
    http_req_failed: THRESHOLDS.http_req_failed,
  },
  summaryTrendStats: ['med', 'p(90)', 'p(99)', 'max'],
  noCookiesReset: true,
}

export function setup() {
  return { logins: Array.from({ length: USERS }, (_, index) => logIn(labUserId(index))) }
}

export default function ({ logins }) {
  const login = logins[__ITER % logins.length]
  check(lookUp(login), { 'the right user, or the refusal that the mode announces': (isRight) => isRight })
}

// Logs users in once, then looks them up at a constant arrival rate.
//
//   stillin up --mode redis
//   k6 run -e STILLIN_URL=http://127.0.0.1:8080 k6/lookup.js
//
// STILLIN_URL   where clients go in             (http://127.0.0.1:8080)
// STILLIN_RATE  lookups a second                (200)
// STILLIN_TIME  how long                        (10s)
// STILLIN_USERS how many different users        (20)
//
// The mode is read from the answers (x-stillin-mode), and what may be expected of it from the table of modes.
// Any dropped iteration means that the rate was not kept: the latency figures are void, and the run fails.
import { check, fail } from 'k6'
import http from 'k6/http'
import { parseModeHeader } from '../contract/headers.ts'
import { LAB, labUserId } from '../contract/lab.ts'
import { MODES } from '../contract/modes.ts'

const url = __ENV.STILLIN_URL || 'http://127.0.0.1:8080'
const users = Number(__ENV.STILLIN_USERS || 20)

export const options = {
  scenarios: {
    lookup: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.STILLIN_RATE || 200),
      timeUnit: '1s',
      duration: __ENV.STILLIN_TIME || '10s',
      preAllocatedVUs: 50,
      maxVUs: 100,
    },
  },
  thresholds: {
    dropped_iterations: ['count==0'],
    checks: ['rate>0.999'],
    'http_req_failed{kind:lookup}': ['rate<0.001'],
    'http_req_duration{kind:lookup,expected_response:true}': ['p(99)<1000'],
  },
  summaryTrendStats: ['med', 'p(90)', 'p(99)', 'max'],
  noCookiesReset: true,
}

export function setup() {
  const logins = []
  for (let index = 0; index < users; index += 1) logins.push(logIn(labUserId(index)))
  return { logins }
}

function logIn(username) {
  const body = JSON.stringify({ username, password: LAB.password })
  const answer = http.post(`${url}/login`, body, {
    headers: { 'content-type': 'application/json' },
    tags: { kind: 'login' },
    jar: new http.CookieJar(),
  })
  if (answer.status !== 200) fail(`login of ${username} answered ${answer.status}: ${answer.body}`)
  const cookies = Object.entries(answer.cookies).map(([name, [cookie]]) => `${name}=${cookie.value}`)
  const headers = {}
  if (cookies.length > 0) headers.cookie = cookies.join('; ')
  const { accessToken } = answer.json()
  if (accessToken) headers.authorization = `Bearer ${accessToken}`
  return { username, headers, mode: parseModeHeader(answer.headers['X-Stillin-Mode'])?.mode }
}

export default function ({ logins }) {
  const { username, headers, mode } = logins[__ITER % logins.length]
  const byChance = MODES[mode].expected.lookup.live === 'by-chance'
  const answer = http.get(`${url}/me`, {
    headers,
    tags: { kind: 'lookup' },
    jar: new http.CookieJar(),
    responseCallback: byChance ? http.expectedStatuses(200, 401) : http.expectedStatuses(200),
  })
  check(answer, {
    'the right user, or the refusal that the mode announces': () =>
      answer.status === 200 ? answer.json('id') === username : byChance && answer.status === 401,
  })
}

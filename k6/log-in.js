// What every script here shares: logging in as somebody of the lab, and what the mode's table says of the answers.
import { check, fail } from 'k6'
import http from 'k6/http'
import { Counter } from 'k6/metrics'
import { parseModeHeader } from '../contract/headers.ts'
import { LAB } from '../contract/lab.ts'
import { MODES, usesCookies } from '../contract/modes.ts'

export const url = __ENV.STILLIN_URL || 'http://127.0.0.1:8080'

// STILLIN_MODE says which mode is meant; a cluster in another one is refused.
const wanted = __ENV.STILLIN_MODE

/** Passwords are checked slowly on purpose. */
const SETUP_S = 20
const UNIT_S = { ms: 0.001, s: 1, m: 60, h: 3600 }

/** Answers that no fault excuses: somebody else's, an accepted one that had to be refused, a refused one that had to be accepted. */
const wrongAnswers = new Counter('wrong_answers')

/** The thresholds that every script keeps: nothing dropped, nothing wrong, next to nothing failed. */
export const THRESHOLDS = {
  dropped_iterations: ['count==0'],
  wrong_answers: ['count==0'],
  checks: ['rate>0.999'],
  http_req_failed: ['rate<0.001'],
}

/** POST /login: the headers that this user's further requests carry, and the mode that answered. */
export function logIn(username) {
  const answer = http.post(`${url}/login`, JSON.stringify({ username, password: LAB.password }), {
    headers: { 'content-type': 'application/json' },
    tags: { kind: 'login' },
    jar: new http.CookieJar(),
  })
  // A check, so that it counts against the threshold: an iteration that fails alone counts nowhere.
  const isIn = check(answer, { 'the login is accepted': ({ status }) => status === 200 })
  if (!isIn) fail(`login of ${username} answered ${answer.status}: ${answer.body}`)
  const cookies = Object.entries(answer.cookies).map(([name, [cookie]]) => `${name}=${cookie.value}`)
  const headers = {}
  if (cookies.length > 0) headers.cookie = cookies.join('; ')
  const { accessToken } = answer.json()
  if (accessToken) headers.authorization = `Bearer ${accessToken}`
  const mode = parseModeHeader(answer.headers['X-Stillin-Mode'])?.mode
  if (!MODES[mode]) fail(`${url} answers in no mode that is known here: ${mode}`)
  const isMeant = check(mode, { 'in the mode that is meant': (name) => !wanted || name === wanted })
  if (!isMeant) fail(`${url} is in mode ${mode}, not ${wanted}`)
  return { username, headers, mode }
}

/** What the table says of an operation with a login in that state: accept, refuse or by-chance. */
export function expected(mode, operation, state) {
  return MODES[mode].expected[operation][state]
}

/** The statuses that are no failure under that expectation. */
export function fits(expectation, accepted) {
  if (expectation === 'refuse') return http.expectedStatuses(401)
  return expectation === 'by-chance' ? http.expectedStatuses(accepted, 401) : http.expectedStatuses(accepted)
}

/** GET /me with a login in that state: true where the right user came, or the refusal that the table allows. */
export function lookUp({ username, headers, mode }, state = 'live') {
  const expectation = expected(mode, 'lookup', state)
  const answer = http.get(`${url}/me`, {
    headers,
    tags: { kind: 'lookup' },
    jar: new http.CookieJar(),
    responseCallback: fits(expectation, 200),
  })
  const isRight =
    answer.status === 200
      ? expectation !== 'refuse' && answer.json('id') === username
      : expectation !== 'accept' && answer.status === 401
  return told(answer, isRight)
}

/** PUT /me/data: true where it was taken, or refused as the table allows. The client keeps what it is handed. */
export function write(login, data) {
  const { headers, mode } = login
  const expectation = expected(mode, 'write', 'live')
  const answer = http.put(`${url}/me/data`, JSON.stringify(data), {
    headers: { ...headers, ...changing(mode), 'content-type': 'application/json' },
    tags: { kind: 'write' },
    jar: new http.CookieJar(),
    responseCallback: fits(expectation, 200),
  })
  return told(answer, answer.status === 200 || (expectation !== 'accept' && answer.status === 401))
}

/** Counts an answer that says in or out, and wrongly; one that failed says neither. */
function told({ status }, isRight) {
  if (!isRight && (status === 200 || status === 401)) wrongAnswers.add(1)
  return isRight
}

/**
 * How long to run, where logins are made once, before it. Refused where they would run out meanwhile: from then on every
 * lookup would be refused, and rightly.
 */
export function withinLifetime(time) {
  const lifetimeS = Number(__ENV.STILLIN_LIFETIME_S || LAB.lifetimeS)
  if (secondsOf(time) > lifetimeS - SETUP_S)
    throw new Error(
      `STILLIN_TIME=${time} outlives the logins that are made before it: ${lifetimeS} s less ${SETUP_S} s for making them. STILLIN_LIFETIME_S says how long the cluster's logins last.`,
    )
  return time
}

/** Of k6's durations: 90s, 1m30s, 1.5h, 500ms. */
function secondsOf(time) {
  const parts = [...time.matchAll(/([\d.]+)(ms|s|m|h)/g)]
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNIT_S[unit], 0)
}

/** POST /logout: the status. */
export function logOut({ headers, mode }) {
  const expectation = expected(mode, 'logout', 'live')
  return http.post(`${url}/logout`, null, {
    headers: { ...headers, ...changing(mode) },
    tags: { kind: 'logout' },
    jar: new http.CookieJar(),
    responseCallback: fits(expectation, 204),
  }).status
}

function changing(mode) {
  return usesCookies(MODES[mode]) ? { 'x-csrf': '1' } : {}
}

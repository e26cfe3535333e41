const newest = ({ visitor }) => visitor.credentials[0]
const answersOf = (state, answer) => newest(state)?.answers.filter((one) => one.answer === answer) ?? []
const asksSince = ({ visitor }, { ask }) => visitor.asks.filter(({ seq }) => seq > ask)
const holder = (state) => newest(state)?.node ?? 'node-1'
const redisIsOurs = ({ cluster }) => cluster.parts.some(({ id, pid }) => id === 'redis' && pid !== undefined)
/** As the button “slow” does it. */
const SLOW_MS = 50
const redisIsFar = ({ cluster }) =>
  (cluster.links ?? []).some(({ to, condition: way }) => to === 'redis' && way.delayMs > 0)
/** Of the load’s last second; NaN where nobody was let in. */
const medianMs = ({ samples }) => samples.at(-1)?.p50Ms ?? Number.NaN
/** Its process is stopped, or no word of it gets through. */
const redisIsSilent = (state) =>
  condition(state, 'redis') === 'paused' ||
  (state.cluster.links ?? []).some(({ to, condition: way }) => to === 'redis' && way.silent)
/** Nodes that say no to the newest login; a dead one says nothing. All of them, where one lives. */
const allTurnAway = (state) =>
  answersOf(state, 'out').length > 0 &&
  newest(state).answers.every(({ answer }) => answer === 'out' || answer === 'dead')
/** Let in when asked after its end; what was asked before says nothing of it. */
const allLetInAfterEnd = (state) => {
  const { answers = [], ended = null } = newest(state) ?? {}
  const alive = answers.filter(({ answer }) => answer !== 'dead')
  return (
    ended !== null &&
    alive.length > 0 &&
    alive.every(({ answer, lastInAtMs }) => answer === 'in' && lastInAtMs > ended.atMs)
  )
}
const condition = (state, id) => state.cluster.parts.find((part) => part.id === id)?.condition

const switchTo = (mode, why) => ({
  text: `Choose mode ${mode} and press “Switch mode”. ${why}`,
  point: () => 'mode-form',
  done: ({ cluster }) => cluster.mode === mode,
})
const logIn = (mode, why) => ({
  text: `Press “Log in”. ${why}`,
  point: () => 'you-login',
  done: (state, { login }) =>
    newest(state)?.id > login && newest(state).mode === mode && newest(state).ended === null,
})
const logOut = {
  text: 'Press “Log out”. The server says that it is done.',
  point: () => 'you-logout',
  done: (state) => newest(state)?.ended?.how === 'logout',
}

/**
 * Each step: what to do, which element to point at, and how to see that it was done (`since`: the numbers of the last
 * question and login when the step began). `look`: it is done by the cluster, and is there to be looked at. A tour may
 * need `redis`, or any central `store`.
 */
export const TOURS = [
  {
    id: 'round-robin',
    name: 'Why round robin and memory don’t go together',
    steps: [
      switchTo('local', 'Each node remembers in its own memory; the proxy takes turns.'),
      logIn('local', 'One node answers and keeps your session.'),
      {
        look: true,
        text: 'Look at each node’s answer: the one that logged you in lets you in, the others have never heard of you.',
        point: () => 'credentials',
        done: (state) => answersOf(state, 'in').length >= 1 && answersOf(state, 'out').length >= 1,
      },
      {
        text: 'Press “Ask who I am” until you have been let in and turned away: it depends on whose turn it is.',
        point: () => 'you-ask',
        done: (state, since) => {
          const statuses = asksSince(state, since).map(({ status }) => status)
          return statuses.includes(200) && statuses.includes(401)
        },
      },
      switchTo('sticky', 'Now an affinity cookie leads you back to the node that knows you.'),
      logIn('sticky', 'The node that answers is yours from now on.'),
      {
        text: 'Press “Ask who I am” three times: always the same node, always let in.',
        point: () => 'you-ask',
        done: (state, since) => {
          const last = asksSince(state, since).slice(-3)
          return (
            last.length === 3 && last.every(({ status, node }) => status === 200 && node === last[0].node)
          )
        },
      },
    ],
    ending:
      'Memory works as long as you come back to the same node. What if that node dies? Take the next tour.',
  },
  {
    id: 'dead-node',
    name: 'Sticky, and the dead node',
    steps: [
      switchTo('sticky', 'An affinity cookie leads each user back to one node.'),
      {
        text: 'Press “100 requests/s”: sixty people log in, twenty or so on each of three nodes.',
        point: () => 'rate-100',
        done: ({ load }) => load.ratePerS > 0,
      },
      logIn('sticky', 'You are one of them.'),
      {
        text: 'Kill the node that holds your session (it is marked).',
        point: (state) => `kill-${holder(state)}`,
        done: (state) => condition(state, holder(state)) === 'stopped',
      },
      {
        text: 'Press “Ask who I am”. The proxy leads you to a node that lives, and that one does not know you.',
        point: () => 'you-ask',
        done: (state, since) => asksSince(state, since).some(({ status }) => status === 401),
      },
      {
        look: true,
        text: 'Look at “people logged out”: everybody whose session that node held.',
        point: () => 'headline',
        done: ({ people }) => people.lostSinceFault > 0,
      },
      {
        text: 'Start the node again.',
        point: (state) => `start-${holder(state)}`,
        done: (state) => condition(state, holder(state)) === 'ready',
      },
      {
        look: true,
        text: 'Its memory is empty: look, no node lets your old login in.',
        point: () => 'credentials',
        done: (state) => {
          const answers = newest(state)?.answers ?? []
          return answers.length > 0 && answers.every(({ answer }) => answer === 'out')
        },
      },
    ],
    ending: 'The node is back and the logins are not. Modes redis, cookie, jwt and replicated survive this.',
  },
  {
    id: 'jwt-logout',
    needs: 'redis',
    name: 'Logging out of a JWT',
    steps: [
      switchTo('jwt', 'A signed token; nodes check the signature and ask nobody.'),
      logIn('jwt', 'Open “The token itself” to read what it says: it is signed, not secret.'),
      logOut,
      {
        look: true,
        text: 'Look: every node still lets the old token in. Whoever copied it goes on until it expires.',
        point: () => 'credentials',
        done: allLetInAfterEnd,
      },
      switchTo('jwt-denylist', 'The same token, and a list of revocations in Redis, asked on every request.'),
      logIn('jwt-denylist', 'A new token.'),
      logOut,
      {
        look: true,
        text: 'Look: every node turns it away at once. The price: Redis is asked on every request.',
        point: () => 'credentials',
        done: (state) => newest(state)?.ended !== null && allTurnAway(state),
      },
    ],
    ending: 'A token that can be revoked is looked up somewhere: revocation brings the session back.',
  },
  {
    id: 'far-redis',
    needs: 'redis',
    name: 'Redis moves away',
    needsLinks: true,
    steps: [
      switchTo('redis', 'Every node asks Redis on every request.'),
      {
        text: 'Press “100 requests/s”: sixty people log in and keep asking.',
        point: () => 'rate-100',
        done: ({ load, people }) => load.ratePerS > 0 && people.count > 0,
      },
      {
        text: 'Press “slow by 50 ms” at redis, as if it stood in another city.',
        point: () => 'slow-redis',
        done: redisIsFar,
      },
      {
        look: true,
        text: 'Look at the latency: every request now takes 50 ms more, since every request asks Redis.',
        point: () => 'charts',
        done: (state) => medianMs(state) > SLOW_MS,
      },
      switchTo('jwt', 'Everybody is logged in anew, with a token that the nodes check by themselves.'),
      {
        look: true,
        text: 'Look at the latency again: Redis is as far away as before, and nobody asks it.',
        point: () => 'charts',
        done: (state) => medianMs(state) < SLOW_MS,
      },
      {
        text: 'Press “heal” at redis.',
        point: () => 'heal-redis',
        done: (state) => !redisIsFar(state),
      },
    ],
    ending:
      'A session is paid for by a question to the store with each request; a token is not, and so nobody hears of its logout: that was the tour before.',
  },
  {
    id: 'silent-redis',
    needs: 'redis',
    name: 'Redis goes silent',
    steps: [
      switchTo('redis', 'Every node asks Redis on every request.'),
      {
        text: 'Press “100 requests/s”: sixty people log in.',
        point: () => 'rate-100',
        done: ({ load, people }) => load.ratePerS > 0 && people.count > 0,
      },
      logIn('redis', 'Your session is in Redis, too.'),
      {
        text: 'Press “silence” at redis: it keeps its connections and says nothing.',
        point: (state) => (redisIsOurs(state) ? 'pause-redis' : 'silence-redis'),
        done: redisIsSilent,
      },
      {
        look: true,
        text: 'Look at each node’s answer: 503. Nobody gets in, and nobody is told that the login is over.',
        point: () => 'credentials',
        done: (state) => {
          const answers = newest(state)?.answers ?? []
          return answers.length > 0 && answers.every(({ answer }) => answer === 'unclear')
        },
      },
      {
        text: 'End the silence: press “resume” at redis (“heal” where its process is not the lab’s own).',
        point: (state) => (redisIsOurs(state) ? 'resume-redis' : 'heal-redis'),
        done: (state) => !redisIsSilent(state),
      },
      {
        look: true,
        text: 'Look: the same login is good again at every node.',
        point: () => 'credentials',
        done: (state) => {
          const answers = newest(state)?.answers ?? []
          return answers.length > 0 && answers.every(({ answer }) => answer === 'in')
        },
      },
    ],
    ending:
      'An outage of the store is a 503, never a 401: a client that is told 401 throws its login away. Modes cookie and jwt would not have noticed.',
  },
  {
    id: 'two-tabs',
    needs: 'store',
    name: 'Two tabs refresh at once',
    steps: [
      switchTo('jwt', 'A short-lived token, and soon a refresh token that fetches the next one.'),
      {
        text: 'Press “Refresh tokens from now on”: every node hands one out at the next login.',
        point: () => 'you-renew-by-pair',
        done: ({ visitor }) => visitor.byPair,
      },
      logIn('jwt', 'With the access token comes a refresh token.'),
      {
        text: 'Press “Refresh in two tabs at once”: both send the same refresh token, which is good once.',
        point: () => 'you-refresh-twice',
        done: (state, { login }) => newest(state)?.id > login,
      },
      {
        look: true,
        text: 'Look at what both tabs were answered, and at each node’s answer to the new token.',
        point: () => 'you-said',
        done: (state) => answersOf(state, 'in').length >= 1,
      },
    ],
    ending:
      'Where both were answered 200, neither tab was logged out: for 10 s the refresh token before the current one fetches the current one again. Later, and at once in a cluster that is strict about it (then one tab saw 401), it counts as stolen, and the login ends for both.',
  },
]

import type { RedisDistance } from '#bench/experiment/lab/redis-distance.ts'
import { formatTime } from '#bench/report/numbers.ts'
import { wrap } from '#bench/report/terminal/wrap.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { LAB, labUserId } from '#contract/lab.ts'
import { MODES, usesCookies } from '#contract/modes.ts'
import { ROUTES } from '#contract/routes.ts'
import { SHOP_ROUTES } from '#contract/shop.ts'
import { summaryOf } from '#contract/stores.ts'

/**
 * What `stillin up` says when the cluster is ready: where everything is, and a session with curl to copy.
 * @param width columns that prose may take; what is to be copied keeps its lines.
 * @param distance how far Redis is; undefined where there is none, or it was not measured.
 */
export function whatToTry(
  cluster: RunningCluster,
  userCount: number,
  width: number,
  distance?: RedisDistance | undefined,
): string {
  const { mode } = cluster.state()
  const proxy = cluster.proxy.url
  const nodes = cluster.nodes()
  const login = `-H 'content-type: application/json' -d '{"username":"${labUserId(0)}","password":"${LAB.password}"}' ${proxy}${ROUTES.login}`
  const cookies = usesCookies(MODES[mode])
  const present = cookies ? '-b jar' : '-H "authorization: Bearer $token"'
  const logout = cookies ? `-b jar -X POST -H 'x-csrf: 1'` : `-X POST ${present}`
  // The jar is not written again: what is asked with after the logout is the credential of before.
  const ask = `curl -sSw '\\n' ${present}`
  return [
    ...wrap(
      `The cluster is up (${(cluster.startedInMs / 1000).toFixed(1)} s). Mode ${mode}: ${summaryOf(mode, cluster.store?.store.name ?? 'redis')}.`,
      width,
    ),
    '',
    ...[{ id: 'proxy', url: proxy }, ...nodes].map(({ id, url }) => `  ${id.padEnd(8)} ${url}`),
    ...(cluster.shop === undefined ? [] : [`  ${'shop'.padEnd(8)} ${cluster.shop.url}`]),
    ...(cluster.store === undefined ? [] : [`  ${'store'.padEnd(8)} ${cluster.store.description}`]),
    ...(cluster.redis === undefined ? [] : [`  ${'redis'.padEnd(8)} ${cluster.redis.description}`]),
    ...linkWords(cluster, width, distance),
    '',
    'See it and play with it (the link holds the key to this cluster):',
    '',
    `  ${cluster.control.url}/#token=${cluster.control.token}`,
    '',
    `Try (${labUserId(0)} to ${labUserId(userCount - 1)} exist, all with the same password):`,
    '',
    '  # log in',
    cookies
      ? `  curl -sSw '\\n' -c jar ${login}`
      : `  token=$(curl -s ${login} | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')`,
    '  # ask through the proxy, then every node itself',
    ...[proxy, ...nodes.map(({ url }) => url)].map((url) => `  ${ask} ${url}${ROUTES.me}`),
    ...(cluster.shop === undefined ? [] : atTheShop(proxy, cluster.shop.url, cookies)),
    `  # log out, and ask again with the ${cookies ? 'cookie' : 'token'} of before: still in?`,
    `  curl -sS ${logout} ${proxy}${ROUTES.logout}`,
    `  ${ask} ${proxy}${ROUTES.me}`,
    '',
    'In another terminal, in this folder (in a clone: npx stillin …):',
    '',
    '  stillin mode redis    stillin kill node-2    stillin start node-2',
    '  stillin status        stillin link node-1 redis --delay 50        stillin down',
  ].join('\n')
}

/** Said where links are relayed: nothing that is measured here is to be taken for a figure without them. */
function linkWords(
  cluster: RunningCluster,
  width: number,
  distance: RedisDistance | undefined,
): readonly string[] {
  if (cluster.state().links === undefined) return []
  const { roundTripMs, directMs } = distance ?? {}
  const cost =
    roundTripMs && directMs
      ? `: Redis is ${formatTime(roundTripMs.p50)} away, ${formatTime(directMs.p50)} with --no-links`
      : ', unless --no-links is given'
  const words = `relayed, so that each can be slowed and cut${cost}`
  return wrap(words, width, `  ${'links'.padEnd(8)} `, ' '.repeat(11))
}

/** A token goes to the shop as it is; for a cookie, which never reaches another origin, a code does. */
function atTheShop(proxy: string, shop: string, cookies: boolean): readonly string[] {
  if (!cookies)
    return ['  # go to the shop with it', `  curl -H "authorization: Bearer $token" ${shop}${SHOP_ROUTES.me}`]
  const json = "-H 'content-type: application/json'"
  return [
    '  # go to the shop with it, by a code that is good once',
    `  code=$(curl -s -b jar -H 'x-csrf: 1' ${json} -d '{"origin":"${shop}"}' ${proxy}${ROUTES.ssoCodes} | sed 's/.*"code":"\\([^"]*\\)".*/\\1/')`,
    `  curl -c shop-jar ${json} -d "{\\"code\\":\\"$code\\"}" ${shop}${SHOP_ROUTES.session}`,
    `  curl -b shop-jar ${shop}${SHOP_ROUTES.me}`,
  ]
}

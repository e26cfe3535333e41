import { Command } from 'commander'
import type { CentralStore } from '#bench/experiment/lab/central-store.ts'
import { measureRedisDistance, type RedisDistance } from '#bench/experiment/lab/redis-distance.ts'
import type { RunningCluster } from '#cluster/cluster.ts'
import { startCluster } from '#cluster/local-cluster.ts'
import type { ClusterFile } from '#contract/control.ts'
import type { NodeEnvironment } from '#contract/environment.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { LAB } from '#contract/lab.ts'
import { MODE_NAMES } from '#contract/modes.ts'
import { areLinksRelayed } from '../are-links-relayed.ts'
import { findClusterFile, writeClusterFile } from '../cluster-file.ts'
import type { CommandContext } from '../command-context.ts'
import { resolveSettings } from '../config.ts'
import { isAlive } from '../control-connection.ts'
import { findStore } from '../find-store.ts'
import { outageEnvironment } from '../lab-flags.ts'
import { setting } from '../parse-options.ts'
import { addRenewalFlags, renewalEnvironment } from '../renewal-flags.ts'
import type { Settings } from '../settings.ts'
import { addStoreFlags } from '../store-flags.ts'
import { whatToTry } from '../what-to-try.ts'

interface UpFlags extends Settings {
  json?: boolean
  /** Undefined: where the store lets itself be reached through a relay. */
  links?: boolean
  /** False with --no-redis. */
  redis: boolean
}

const EXAMPLES = `
Examples:
  stillin up
  stillin up --mode sticky --nodes 5 --port 9000
  stillin up --mode jwt --jwt-algorithm ES256 --shop`

/** `stillin up`: a cluster that runs until Ctrl-C, SIGTERM or `stillin down`. */
export function upCommand(context: CommandContext): Command {
  // What most people change stands first.
  const command = new Command('up')
    .description('run a cluster until Ctrl-C: auth nodes behind a proxy')
    .option('--mode <mode>', `how logins are remembered: ${MODE_NAMES.join(', ')} (sticky)`, setting('mode'))
    .option('--nodes <count>', `how many auth nodes (${LAB.nodes})`, setting('nodes'))
    .option('--port <port>', `where the proxy listens; 0: any free port (${LAB.proxyPort})`, setting('port'))
    .option('--control-port <port>', 'where control listens (any free port)', setting('controlPort'))
  return addStoreFlags(addRenewalFlags(command))
    .option('--users <count>', `how many lab users exist (${LAB.users})`, setting('users'))
    .option('--forwarder <name>', 'http-proxy or undici (http-proxy)', setting('forwarder'))
    .option(
      '--session-reader <name>',
      'fastify-session or direct (fastify-session)',
      setting('sessionReader'),
    )
    .option('--jwt-algorithm <name>', 'HS256, RS256, ES256 or EdDSA (HS256)', setting('jwtAlgorithm'))
    .option('--jwt-verifier <name>', 'jose or node (jose)', setting('jwtVerifier'))
    .option('--jwt-encrypt', 'encrypt tokens (dir, A256GCM) instead of signing them')
    .option('--jwt-cache <tokens>', 'how many verified tokens each node remembers (0)', setting('jwtCache'))
    .option('--sessions-per-user <count>', 'live sessions of one user (any)', setting('sessionsPerUser'))
    .option('--users-online-max <count>', 'users logged in at a time (any)', setting('usersOnlineMax'))
    .option('--shop', 'a second service, on an origin of its own, that accepts the logins')
    .option('--no-redis', 'do without a central store: mode redis is then out of reach')
    .option(
      '--outage <policy>',
      'lookups of mode redis while Redis is away: closed, stale or open (closed)',
      setting('outage'),
    )
    .option(
      '--links',
      'nodes reach Redis and each other through relays, so that each way can be slowed and cut',
    )
    .option('--no-links', 'they reach them directly: without what a relay costs, and nothing can be slowed')
    .option('--json', 'print one line of JSON when ready, and nothing else')
    .addHelpText('after', EXAMPLES)
    .action(({ json = false, links, redis: wanted, ...flags }: UpFlags) =>
      runUntilEnded(context, resolveSettings(flags, context), { json, links, redis: wanted }),
    )
}

async function runUntilEnded(
  context: CommandContext,
  settings: Settings,
  { json, links, redis: wanted }: { json: boolean; links: boolean | undefined; redis: boolean },
): Promise<void> {
  demandTwoPorts(settings)
  const nodeEnvironment = loginEnvironment(settings)
  await demandNoOther(context.folder)
  const central = await findStore(context, settings, wanted)
  await using _redis = central.redis
  await using _store = central.store
  const relayed = areLinksRelayed(links, central, context.note)
  const cluster = await start(context, settings, central, { links: relayed, nodeEnvironment })
  await using stack = new AsyncDisposableStack()
  stack.use(cluster)
  stack.use(await writeClusterFile(context.folder, describe(cluster)))
  if (json) context.print(JSON.stringify(describe(cluster)))
  else {
    const users = settings.users ?? LAB.users
    context.print(whatToTry(cluster, users, context.width, await distanceOf(cluster)))
  }
  const interrupted = new Promise<'interrupted'>((resolve) => {
    if (context.signal.aborted) resolve('interrupted')
    context.signal.addEventListener('abort', () => resolve('interrupted'), { once: true })
  })
  const how = await Promise.race([interrupted, cluster.shutdownRequested])
  if (!json) context.note(how === 'interrupted' ? 'stopping' : 'stopping, as `stillin down` asked')
  if (how === 'interrupted') context.exitWith(EXIT.interrupted)
}

/** @throws StillinError where the proxy and control are to listen on one port. */
function demandTwoPorts({ port, controlPort }: Settings): void {
  if (port === undefined || port === 0 || port !== controlPort) return
  throw new StillinError(`--port and --control-port are both ${port}: two things cannot listen there`, {
    exitCode: EXIT.usage,
    hint: 'Name two ports, or 0 for any that is free.',
  })
}

/** Undefined: there is no Redis, or it does not answer; the cluster runs all the same. */
async function distanceOf(cluster: RunningCluster): Promise<RedisDistance | undefined> {
  if (cluster.redis === undefined) return undefined
  return measureRedisDistance(cluster, cluster.redis.url).catch(() => undefined)
}

function start(
  context: CommandContext,
  settings: Settings,
  { redis, store }: Pick<CentralStore, 'redis' | 'store'>,
  { links, nodeEnvironment }: { links: boolean; nodeEnvironment: Partial<NodeEnvironment> },
): Promise<RunningCluster> {
  const mode = settings.mode ?? 'sticky'
  const { nodes, users, forwarder, controlPort, jwtVerifier } = settings
  return startCluster({
    mode,
    nodes,
    users,
    forwarder,
    proxyPort: settings.port ?? LAB.proxyPort,
    controlPort,
    redis,
    store,
    links,
    sessionReader: settings.sessionReader,
    jwtVerifier,
    jwtEncrypt: settings.jwtEncrypt,
    jwtCache: settings.jwtCache,
    algorithm: settings.jwtAlgorithm,
    nodeEnvironment,
    shop: settings.shop,
    plant: context.environment['STILLIN_PLANT'],
    signal: context.signal,
    onEvent: (event) => {
      if (event.kind === 'exited') context.note(`${event.part} ended unasked: ${event.detail ?? ''}`)
    },
  })
}

/** What only nodes are told: how logins last and how many there may be. */
function loginEnvironment(settings: Settings): Partial<NodeEnvironment> {
  const { sessionsPerUser, usersOnlineMax } = settings
  return {
    ...renewalEnvironment(settings),
    ...outageEnvironment(settings),
    ...(sessionsPerUser && { STILLIN_SESSIONS_PER_USER: String(sessionsPerUser) }),
    ...(usersOnlineMax && { STILLIN_USERS_ONLINE_MAX: String(usersOnlineMax) }),
  }
}

async function demandNoOther(folder: string): Promise<void> {
  const other = await findClusterFile(folder)
  if (other === undefined || !(await isAlive(other.cluster.control.url))) return
  throw new StillinError(`a cluster runs here already (${other.path})`, {
    exitCode: EXIT.unavailable,
    hint: 'Use it (`stillin status`), or end it with `stillin down`.',
  })
}

function describe(cluster: RunningCluster): ClusterFile {
  const { redis, shop, store } = cluster
  return {
    proxy: { url: cluster.proxy.url, pid: cluster.proxy.pid ?? 0 },
    control: cluster.control,
    nodes: cluster.nodes().map(({ id, url, pid = 0 }) => ({ id, url, pid })),
    ...(shop === undefined ? {} : { shop: { url: shop.url, pid: shop.pid ?? 0 } }),
    ...(redis === undefined
      ? {}
      : { redis: { url: redis.url, ...(redis.pid === undefined ? {} : { pid: redis.pid }) } }),
    ...(store === undefined
      ? {}
      : { store: { name: store.store.name, ...(store.pid === undefined ? {} : { pid: store.pid }) } }),
  }
}

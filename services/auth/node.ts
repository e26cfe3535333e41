import type { Server } from 'node:http'
import type { ModeName } from '#contract/modes.ts'
import { MODES, usesCookies } from '#contract/modes.ts'
import type { RenewalSetting } from '#contract/renewal.ts'
import { createAdminApp } from './admin/admin-app.ts'
import { AnswerTally } from './answer-tally.ts'
import { BuiltOnce } from './built-once.ts'
import { Burden } from './burden.ts'
import type { Clock } from './clock.ts'
import { systemClock } from './clock.ts'
import type { NodeConfig } from './config.ts'
import type { CredentialStrategy } from './credentials/credential-strategy.ts'
import { refreshCookie, sessionCookie } from './credentials/session-cookie.ts'
import type { StrategyParts } from './credentials/strategies.ts'
import { createStrategy } from './credentials/strategies.ts'
import { LoginCheck } from './directory/login-check.ts'
import { LoginThrottle } from './directory/login-throttle.ts'
import { openDirectory } from './directory/open-directory.ts'
import { Gates } from './gates.ts'
import { deriveKey } from './key-ring.ts'
import { closeServer, createListener, listen } from './listener.ts'
import { LiveKeyRing } from './live-key-ring.ts'
import { createMetrics } from './metrics.ts'
import { createModeApp } from './mode-app.ts'
import { ModeSwitch } from './mode-switch.ts'
import { Inbox } from './one-time/inbox.ts'
import { OneTimeSecrets } from './one-time/one-time-secrets.ts'
import { loadPlant } from './plants/plant.ts'
import { createRefreshTokens } from './refresh/create-refresh-tokens.ts'
import type { RefreshTokens } from './refresh/refresh-tokens.ts'
import type { ModeParts } from './routes/mode-parts.ts'
import { MemoryStore } from './sessions/memory-store.ts'
import { ReplicationHost } from './sessions/replication/replication-host.ts'
import { LoginSeal } from './sso/sealed-login.ts'
import { requireFittingTokens } from './tokens/fitting-tokens.ts'
import { liveCodec } from './tokens/live-codec.ts'
import { publicKeySource } from './tokens/public-keys.ts'

/** A node that is built and does not listen yet. */
export interface AuthNode {
  /** Opens both listeners; answers where they are. */
  listen(): Promise<{ url: string; adminUrl: string }>
  /** Takes no more connections, lets requests under way end, for at most this long; then everything is closed. */
  drain(limitMs: number): Promise<void>
}

/**
 * Builds one auth node: its directory, its start mode, and both applications.
 * @throws StillinError (usage) for settings that cannot work.
 */
export async function buildNode(
  config: NodeConfig,
  clock: Clock = systemClock(config.clockOffsetMs),
): Promise<AuthNode> {
  const keys = new LiveKeyRing(config.keysFile)
  const keyRing = keys.current
  requireFittingTokens(config, keyRing)
  const oneTimeKey = deriveKey(keyRing.cookieSecret, 'one-time secrets')
  const plant = await loadPlant(config.plant)
  const { directory, oneTime: oneTimeStore } = await openDirectory(
    config.directory,
    config.users,
    clock,
    plant,
  )
  const oneTime = new OneTimeSecrets(oneTimeStore, oneTimeKey)
  const inbox = new Inbox()
  const seal = new LoginSeal(deriveKey(keyRing.cookieSecret, 'single sign-on'))
  const logins = new LoginCheck(directory, new LoginThrottle(clock))
  const memory = new MemoryStore(clock, config.idleS * 1000, config.memory, config.limits)
  const replication = new ReplicationHost()
  const tally = new AnswerTally()
  const cookie = sessionCookie(config.tls)
  const gates = config.testing ? new Gates() : undefined
  const burden = config.testing ? new Burden() : undefined
  let storeCommands = 0
  let draining = false
  const isDraining = () => draining
  const strategyParts: StrategyParts = {
    config,
    keyRing,
    codec: liveCodec(config, keys),
    clock,
    memory,
    replication,
    countCommands: (commands) => {
      storeCommands += commands
    },
  }
  const publicKeys = publicKeySource(keys)
  const publicListener = createListener((request, response) => {
    const { app, stamp } = modes.current
    response.stamp = stamp
    if (burden === undefined) app.routing(request, response)
    else burden.bear(request, response, () => app.routing(request, response))
  })

  const strategies = new BuiltOnce<ModeName, CredentialStrategy>()
  const refreshTokens = new BuiltOnce<string, RefreshTokens>()

  /** What a mode remembers is the same however its logins are renewed: only the application differs. */
  async function build(mode: ModeName, { renewal, refresh: home = config.refresh }: RenewalSetting) {
    const create = plant.strategies?.[mode] ?? ((parts) => createStrategy(mode, parts))
    const strategy = await strategies.get(mode, () => create(strategyParts))
    const createRefresh = () =>
      plant.refreshTokens?.(mode, strategyParts) ?? createRefreshTokens(mode, home, strategyParts)
    const refresh = renewal === 'pair' ? await refreshTokens.get(`${mode} ${home}`, createRefresh) : undefined
    const scheme: ModeParts['scheme'] = usesCookies(MODES[mode]) ? 'cookie' : 'bearer'
    const parts = {
      config,
      strategy,
      renewal,
      scheme,
      cookie,
      refresh,
      refreshCookie: refreshCookie(config.tls),
      clock,
      logins,
      directory,
      oneTime,
      inbox,
      seal,
      gates,
      metrics,
      publicKeys,
      isDraining,
      revokeElsewhere: (userId: string) => modes.revocations.elsewhere(userId, { strategy, refresh }),
    }
    return { strategy, refresh, app: await createModeApp(parts, publicListener) }
  }

  const modes: ModeSwitch = new ModeSwitch(config, tally, isDraining, build)
  const metrics = createMetrics({
    nodeId: config.nodeId,
    tally,
    memory,
    replication,
    modes,
    storeCommands: () => storeCommands,
  })
  const adminListener: Server = createListener((request, response) => adminApp.routing(request, response))
  const adminApp = await createAdminApp(
    {
      config,
      clock,
      keys,
      modes,
      tally,
      memory,
      replication,
      logins,
      directory,
      inbox,
      cookie,
      gates,
      burden,
      storeCommands: () => storeCommands,
    },
    adminListener,
  )
  await modes.start(config.mode, config.generation)

  return {
    async listen() {
      const [url, adminUrl] = await Promise.all([
        listen(publicListener, config.host, config.port, 'STILLIN_PORT'),
        listen(adminListener, config.adminHost, config.adminPort, 'STILLIN_ADMIN_PORT'),
      ])
      await replication.open()
      return { url, adminUrl }
    },
    async drain(limitMs) {
      draining = true
      await Promise.all([closeServer(publicListener, limitMs), closeServer(adminListener, limitMs)])
      await adminApp.close()
      await modes.close()
      await memory.close()
      await oneTime.close()
      await directory.close()
    },
  }
}

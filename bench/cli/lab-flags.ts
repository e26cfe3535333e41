import type { Command } from 'commander'
import type { LabOptions } from '#bench/experiment/lab/lab.ts'
import type { NodeEnvironment } from '#contract/environment.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { LAB } from '#contract/lab.ts'
import { DEFAULT_MODES, MODE_NAMES, type ModeName } from '#contract/modes.ts'
import type { CommandContext } from './command-context.ts'
import { resolveSettings } from './config.ts'
import { modeList, setting } from './parse-options.ts'
import { renewalEnvironment, renewalFlags } from './renewal-flags.ts'
import { flagName, SETTING_NAMES, type Settings } from './settings.ts'
import { addStoreFlags, chosenStore } from './store-flags.ts'

/** Flags of every command that runs a cluster of its own. */
export interface LabFlags extends Settings {
  /** A cluster that runs already. */
  cluster?: string
  modes?: readonly ModeName[]
}

/** @param defaultModes what the command takes unless it is told, as its `resolveLab` is. */
export function addLabFlags(command: Command, defaultModes: readonly ModeName[] = DEFAULT_MODES): Command {
  const withModes = command.option(
    '--modes <list>',
    `which ways to remember a login: all, or some of ${MODE_NAMES.join(', ')} (${defaultModes.join(',')})`,
    modeList,
  )
  return addStoreFlags(withModes)
    .option('--cluster <where>', CLUSTER_HELP)
    .option('--nodes <count>', `how many auth nodes (${LAB.nodes})`, setting('nodes'))
    .option('--users <count>', `how many lab users exist (${LAB.users})`, setting('users'))
    .option('--forwarder <name>', 'http-proxy or undici (http-proxy)', setting('forwarder'))
    .option(
      '--session-reader <name>',
      'fastify-session, or direct: sessions read without the library (fastify-session)',
      setting('sessionReader'),
    )
    .option('--jwt-algorithm <name>', 'HS256, RS256, ES256 or EdDSA (HS256)', setting('jwtAlgorithm'))
    .option('--jwt-verifier <name>', 'jose or node (jose)', setting('jwtVerifier'))
    .option('--jwt-encrypt', 'encrypt tokens (dir, A256GCM) instead of signing them')
    .option('--jwt-cache <tokens>', 'how many verified tokens each node remembers (0)', setting('jwtCache'))
    .option(
      '--outage <policy>',
      'lookups of mode redis while Redis is away: closed (503), stale or open (closed)',
      setting('outage'),
    )
}

export const CLUSTER_HELP =
  'what runs already: compose, compose:PROJECT, or attach:FILE, which may describe any service (a cluster of its own)'

/** What a cluster was started with cannot be decided by who comes later. */
function refuseSettings(flags: Settings): void {
  const [given] = SETTING_NAMES.filter((name) => flags[name] !== undefined)
  if (given === undefined) return
  throw new StillinError(`${flagName(given)} and --cluster contradict each other`, {
    exitCode: EXIT.usage,
    hint: 'The cluster was started with it, or without it: leave the flag out.',
  })
}

/** The lab that flags, environment and configuration file ask for. */
export function resolveLab(
  { modes, cluster, ...flags }: LabFlags,
  context: CommandContext,
  defaultModes: readonly ModeName[] = DEFAULT_MODES,
): LabOptions {
  if (cluster !== undefined) refuseSettings(flags)
  const settings = resolveSettings(flags, context)
  return {
    cluster,
    modes: modes ?? (settings.mode ? [settings.mode] : defaultModes),
    nodes: settings.nodes ?? LAB.nodes,
    users: settings.users ?? LAB.users,
    forwarder: settings.forwarder ?? 'http-proxy',
    sessionReader: settings.sessionReader ?? 'fastify-session',
    jwtAlgorithm: settings.jwtAlgorithm ?? 'HS256',
    jwtVerifier: settings.jwtVerifier ?? 'jose',
    jwtEncrypt: settings.jwtEncrypt,
    jwtCache: settings.jwtCache,
    renewal: settings.renewal ?? 'fixed',
    renewalFlags: renewalFlags(settings),
    outage: settings.outage ?? 'closed',
    nodeEnvironment: { ...renewalEnvironment(settings), ...outageEnvironment(settings) },
    redisUrl: settings.redisUrl,
    ...chosenStore(settings),
    plant: context.environment['STILLIN_PLANT'],
  }
}

/** What nodes are told of it: nothing where it is the default. */
export function outageEnvironment({ outage }: Settings): Partial<NodeEnvironment> {
  return outage === undefined || outage === 'closed' ? {} : { STILLIN_OUTAGE: outage }
}

import type { Command } from 'commander'
import type { NodeEnvironment } from '#contract/environment.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { setting } from './parse-options.ts'
import type { Settings } from './settings.ts'

/** Flags for how logins are made to last. */
export function addRenewalFlags(command: Command): Command {
  const withWay = command.option(
    '--renewal <way>',
    'fixed, rolling (each use renews) or pair (a refresh token fetches the next) (fixed)',
    setting('renewal'),
  )
  return addLifetimeFlags(withWay)
    .option(
      '--refresh <home>',
      'refresh tokens stateless, or once each in the store (store)',
      setting('refresh'),
    )
    .option('--refresh-strict', 'a refresh token that comes twice ends the login, without 10 s of grace')
}

/** How long, where a command has a flag of its own for the way. */
export function addLifetimeFlags(command: Command): Command {
  return command
    .option('--lifetime-s <seconds>', "lifetime of a credential (the mode's own)", setting('lifetimeS'))
    .option('--refresh-s <seconds>', 'absolute end of a login that is renewed', setting('refreshS'))
}

/**
 * What nodes are told of it.
 * @throws StillinError (usage) for settings that contradict each other.
 */
export function renewalEnvironment(settings: Settings): Partial<NodeEnvironment> {
  const { renewal, refresh, refreshS, refreshStrict, lifetimeS } = settings
  const isPair = renewal === 'pair'
  const idle = (['refresh', 'refreshStrict'] as const).find((name) => settings[name] && !isPair)
  if (idle !== undefined)
    throw usage(
      `${idle === 'refresh' ? '--refresh' : '--refresh-strict'} has no meaning without --renewal pair`,
    )
  if (refreshStrict && refresh === 'stateless')
    throw usage(
      '--refresh-strict and --refresh stateless contradict each other: nobody counts a stateless token',
    )
  return {
    ...(renewal && { STILLIN_RENEWAL: renewal }),
    ...(refresh && { STILLIN_REFRESH: refresh }),
    ...(refreshStrict && { STILLIN_REFRESH_STRICT: '1' }),
    ...(refreshS && { STILLIN_REFRESH_S: String(refreshS) }),
    ...(lifetimeS && { STILLIN_LIFETIME_S: String(lifetimeS) }),
  }
}

/** The flags that ask for these settings again. */
export function renewalFlags(settings: Settings): Readonly<Record<string, string | number | true>> {
  const { renewal, refresh, refreshS, refreshStrict, lifetimeS } = settings
  return {
    ...(renewal && renewal !== 'fixed' && { renewal }),
    ...(refresh && { refresh }),
    ...(refreshStrict && ({ 'refresh-strict': true } as const)),
    ...(lifetimeS && { 'lifetime-s': lifetimeS }),
    ...(refreshS && { 'refresh-s': refreshS }),
  }
}

function usage(message: string): StillinError {
  return new StillinError(message, { exitCode: EXIT.usage })
}

import type { CentralStore } from '#bench/experiment/lab/central-store.ts'
import { provideRedis } from '#cluster/redis/provide-redis.ts'
import { provideStore } from '#cluster/stores/provide-store.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { MODES } from '#contract/modes.ts'
import { isServedBy, STORE_TITLES } from '#contract/stores.ts'
import type { CommandContext } from './command-context.ts'
import type { Settings } from './settings.ts'
import { chosenStore } from './store-flags.ts'

/**
 * The central store of a cluster to play with, whatever its mode: it may be switched. Neither where none was found and
 * the mode needs none.
 * @throws StillinError where the mode needs one and it was ruled out, or is not to be had.
 */
export async function findStore(
  context: CommandContext,
  settings: Settings,
  wanted: boolean,
): Promise<Pick<CentralStore, 'redis' | 'store'>> {
  const { mode = 'sticky' } = settings
  const { store, storeUrl } = chosenStore(settings)
  if (!isServedBy(mode, store))
    throw new StillinError(`--mode ${mode} needs Redis, and --store ${store} takes its place`, {
      exitCode: EXIT.usage,
    })
  if (!wanted && MODES[mode].needs.includes('redis'))
    throw new StillinError(`--mode ${mode} and --no-redis contradict each other`, { exitCode: EXIT.usage })
  if (!wanted) return { redis: undefined, store: undefined }
  const common = {
    signal: context.signal,
    onNote: context.note,
    onMissing: ({ reasons, hint }: { reasons: readonly string[]; hint: string }) =>
      context.note(`No ${STORE_TITLES[store]}, so mode redis is left out: ${reasons.join('; ')}.\n${hint}`),
  }
  if (store !== 'redis') {
    const server = await provideStore(store, { ...common, url: storeUrl })
    if (server === undefined && MODES[mode].needs.includes('redis'))
      throw new StillinError(`mode ${mode} with --store ${store} needs ${STORE_TITLES[store]}`, {
        exitCode: EXIT.unavailable,
      })
    return { redis: undefined, store: server }
  }
  return { redis: await provideRedis({ ...common, redisUrl: settings.redisUrl }), store: undefined }
}

import { join } from 'node:path'
import { EXIT, StillinError } from '#contract/errors.ts'
import { MODES } from '#contract/modes.ts'
import { isServedBy } from '#contract/stores.ts'
import type { ClusterOptions } from './cluster.ts'
import { createKeyRing, createToken, writeKeyRing } from './keys.ts'
import type { SharedSettings } from './part-environment.ts'

/** @throws StillinError where the mode needs a central store and there is none. */
export function demandStore({ mode, redis, store }: ClusterOptions): void {
  if (store !== undefined && isServedBy(mode, store.store.name)) return
  if (redis !== undefined || !MODES[mode].needs.includes('redis')) return
  throw new StillinError(`mode ${mode} needs a Redis and there is none`, {
    exitCode: EXIT.unavailable,
    hint: 'Install one, or set REDIS_URL.',
  })
}

/** The secrets that the parts of one cluster share, and the files that hold them. */
export async function prepareRun(
  folder: string,
  options: ClusterOptions,
): Promise<Omit<SharedSettings, 'links'>> {
  const keysFile = join(folder, 'keys.json')
  await writeKeyRing(keysFile, createKeyRing(options.algorithm ?? 'HS256'))
  const directoryFile = join(folder, 'directory.sqlite')
  return { adminToken: createToken(), keysFile, directoryFile, shopSecret: createToken() }
}

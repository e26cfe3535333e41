import { EXIT, StillinError } from '#contract/errors.ts'
import type { MachineFinding } from '#contract/machine.ts'
import { installCommand } from '../install-command.ts'
import { SERVER_PROGRAMS } from '../redis/find-on-path.ts'
import { probeRedis } from '../redis/probe.ts'
import { unpackedProgram, unpackedRoot } from '../redis/unpacked.ts'
import { canFetch, examineProgram, FETCHED_WHEN_NEEDED } from './examine-program.ts'

const NEEDED_FOR = 'every mode with redis in its name, jwt-denylist, jwt-pushed, jwt-hybrid'

/** Which Redis a run would take, in the order in which `provideRedis` looks; nothing is started or fetched. */
export async function examineRedis(
  redisUrl: string | undefined,
  path: string,
  cacheFolder: string,
): Promise<MachineFinding> {
  const finding = (condition: MachineFinding['condition'], here: string, toGet: string | null = null) =>
    ({ name: 'Redis', condition, here, neededFor: NEEDED_FOR, toGet }) as const
  if (redisUrl !== undefined) return named(redisUrl, finding)
  const installed = await examineProgram(
    {
      name: 'Redis',
      package: 'redis',
      files: SERVER_PROGRAMS,
      versionArgs: ['--version'],
      neededFor: NEEDED_FOR,
    },
    path,
  )
  if (installed.condition === 'ready') return installed
  if ((await unpackedProgram(unpackedRoot(cacheFolder), 'cache')) !== undefined)
    return finding('ready', 'fetched earlier, in .cache')
  if (await canFetch(path)) return finding('on-demand', FETCHED_WHEN_NEEDED)
  const toGet = (await installCommand('redis', path)) ?? 'put redis-server or valkey-server on the PATH'
  return finding('missing', 'not found (a running Docker will do as well)', toGet)
}

async function named(
  redisUrl: string,
  finding: (condition: MachineFinding['condition'], here: string, toGet: string) => MachineFinding,
): Promise<MachineFinding> {
  const url = URL.parse(redisUrl)
  if (url === null) throw new StillinError('REDIS_URL is not an address', { exitCode: EXIT.usage })
  const probe = await probeRedis(redisUrl)
  if ('version' in probe) return { ...finding('ready', `${probe.version} at ${url.host}`, ''), toGet: null }
  const advice = 'correct REDIS_URL, or unset it to let stillin find or fetch a Redis of its own'
  return finding('unusable', `REDIS_URL: ${url.host} (${probe.problem})`, advice)
}

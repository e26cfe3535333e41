import { readFile } from 'node:fs/promises'
import { EXIT, StillinError } from '#contract/errors.ts'
import { createControlClient } from '../control-client.ts'
import { namedRedis } from '../remote/named-redis.ts'
import type { RemoteDriver, RemotePart } from '../remote/remote-driver.ts'
import { type AttachAction, readAttachFile } from './attach-file.ts'
import { runCommand } from './run-command.ts'

/**
 * The driver of a cluster that a file describes: who is in it is asked of its control, how to kill and start is said by
 * the file's commands.
 * @throws StillinError where the file is wrong or control does not answer.
 */
export async function openAttached(path: string): Promise<RemoteDriver> {
  const file = readAttachFile(path)
  const name = file.name ?? path
  const [token, adminToken] = await Promise.all([
    readToken(file.control.tokenFile),
    readToken(file.adminTokenFile),
  ])
  const client = createControlClient(file.control.url, token)
  const look = async (): Promise<readonly RemotePart[]> => {
    const { parts } = await client.state().catch((cause: unknown) => {
      throw new StillinError(`control of ${name} does not answer at ${file.control.url}`, {
        exitCode: EXIT.unavailable,
        cause,
      })
    })
    return parts.map((part) => ({ url: '', adminUrl: '', ...part, ...file.addresses?.[part.id], names: [] }))
  }
  const proxy = (await look()).find(({ kind }) => kind === 'proxy')
  if (proxy === undefined)
    throw new StillinError(`control of ${name} knows no proxy`, { exitCode: EXIT.unavailable })
  const run = async (action: AttachAction, part: RemotePart, to = ''): Promise<void> => {
    const command = file.commands?.[action]
    if (command === undefined)
      throw new StillinError(`--cluster attach:${path}: commands.${action} is not there`, {
        exitCode: EXIT.usage,
      })
    const host = URL.parse(part.url)?.hostname ?? ''
    const blanks: Readonly<Record<string, string>> = { id: part.id, host, to }
    await runCommand(
      command.map((word) => word.replace(/\{(id|host|to)\}/g, (_, blank: string) => blanks[blank] ?? '')),
    )
  }
  return {
    name,
    control: { url: file.control.url, token },
    adminToken,
    proxy: { url: proxy.url, adminUrl: proxy.adminUrl },
    redis: file.redisUrl === undefined ? undefined : await namedRedis(file.redisUrl, 'REDIS_URL', name),
    settings: { ...file.settings, renewal: file.settings.renewal ?? 'fixed' },
    readRing() {
      throw new StillinError(`the keys of ${name} cannot be read from here`)
    },
    lacks(act) {
      if (act === 'keys') return 'its keys cannot be read from here'
      return file.commands?.[act] === undefined ? `its file has no commands.${act}` : undefined
    },
    look,
    signal: (action, part) => run(action, part),
    cut: (part, to, cut) => run(cut ? 'cut' : 'join', part, to),
  }
}

async function readToken(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (cause) {
    throw new StillinError(`the token file ${file} cannot be read`, { exitCode: EXIT.usage, cause })
  }
}

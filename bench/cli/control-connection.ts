import { readFile } from 'node:fs/promises'
import type { AddedNode, ClusterState, KeysAnswer } from '#contract/control.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { LinkRequest } from '#contract/links.ts'
import type { ModeName } from '#contract/modes.ts'
import type { ErrorBody } from '#contract/reasons.ts'
import { ADMIN_ROUTES, ROUTES } from '#contract/routes.ts'
import { findClusterFile } from './cluster-file.ts'
import type { Surroundings } from './config.ts'

/** The token of the control that `--control` names, where no file holds it. */
export const TOKEN_VARIABLE = 'STILLIN_CONTROL_TOKEN'
const ANSWER_MS = 60_000
const LIFE_SIGN_MS = 2_000

export type PartVerb = 'kill' | 'start' | 'pause' | 'resume' | 'drain'

/** Control's HTTP API, as the commands use it. Every method throws a StillinError with control's own reason. */
export interface ControlConnection {
  readonly url: string
  /** The page that it serves, with the key to it; absent where somebody named control and holds the key. */
  readonly dashboard?: string
  state(): Promise<ClusterState>
  setMode(mode: ModeName): Promise<{ mode: ModeName; generation: number }>
  rotateKeys(revokeOld: boolean): Promise<KeysAnswer>
  act(verb: PartVerb, partId: string): Promise<void>
  /** A further node; answers its id when it takes traffic. */
  addNode(): Promise<string>
  removeNode(nodeId: string): Promise<void>
  link(from: string, to: string, request: LinkRequest): Promise<void>
  shutdown(): Promise<void>
}

/** Flags that name a control which no `.stillin/cluster.json` leads to. */
export interface ControlFlags {
  /** A cluster that runs already, see cluster/remote/open-remote.ts. */
  cluster?: string
  control?: string
  tokenFile?: string
}

/**
 * Connects to the control that the flags name, or to that of the cluster started in this folder or above it.
 * @throws StillinError when none runs.
 */
export async function connectControl(
  flags: ControlFlags,
  { environment, folder }: Surroundings,
): Promise<ControlConnection> {
  if (flags.cluster !== undefined) {
    if (flags.control === undefined && flags.tokenFile === undefined) {
      // Loaded here: it is no part of most commands.
      const { connectRemote } = await import('./remote-control.ts')
      return connectRemote(flags.cluster, connection)
    }
    throw new StillinError('--cluster and --control contradict each other', { exitCode: EXIT.usage })
  }
  if (flags.control !== undefined || flags.tokenFile !== undefined) {
    const token =
      flags.tokenFile === undefined ? environment[TOKEN_VARIABLE] : await readToken(flags.tokenFile)
    if (flags.control === undefined || !token) {
      throw new StillinError(`--control needs --token-file or ${TOKEN_VARIABLE}, and they need --control`, {
        exitCode: EXIT.usage,
      })
    }
    if (!/^https?:$/.test(URL.parse(flags.control)?.protocol ?? ''))
      throw new StillinError(
        `--control must be an address like http://127.0.0.1:9000, not "${flags.control}"`,
        {
          exitCode: EXIT.usage,
        },
      )
    return connection(flags.control.replace(/\/+$/, ''), token)
  }
  const found = await findClusterFile(folder)
  if (found === undefined) {
    throw new StillinError('no cluster runs here', {
      exitCode: EXIT.unavailable,
      hint: 'Start one with `stillin up`, or name one with --cluster compose, or --control URL --token-file FILE.',
    })
  }
  const { url, token } = found.cluster.control
  const dashboard = `${url}/#token=${token}`
  if (!(await isAlive(url))) {
    throw new StillinError(`no cluster runs here: ${found.path} was left by one that has ended`, {
      exitCode: EXIT.unavailable,
      hint: 'Start one with `stillin up`.',
    })
  }
  return { ...connection(url, token), dashboard }
}

/** Does a control answer there? */
export async function isAlive(controlUrl: string): Promise<boolean> {
  try {
    return (await fetch(controlUrl + ROUTES.livez, { signal: AbortSignal.timeout(LIFE_SIGN_MS) })).ok
  } catch {
    return false
  }
}

function connection(url: string, token: string): ControlConnection {
  async function ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await send(method, path, body)
    const text = await response.text()
    if (response.ok) return text === '' ? undefined : JSON.parse(text)
    if (response.status === 401)
      throw new StillinError(`control at ${url} does not take this token`, {
        exitCode: EXIT.usage,
        hint: `Correct what --token-file or ${TOKEN_VARIABLE} holds.`,
      })
    throw new StillinError(reasonIn(text) ?? `control at ${url} answered ${response.status}`, {
      exitCode: response.status === 400 || response.status === 404 ? EXIT.usage : EXIT.failure,
    })
  }
  async function send(method: string, path: string, body: object | undefined): Promise<Response> {
    try {
      return await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        signal: AbortSignal.timeout(ANSWER_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    } catch (cause) {
      throw new StillinError(`control at ${url} does not answer`, { exitCode: EXIT.unavailable, cause })
    }
  }
  return {
    url,
    state: async () => (await ask('GET', ADMIN_ROUTES.cluster)) as ClusterState,
    setMode: async (mode) =>
      (await ask('PUT', ADMIN_ROUTES.mode, { mode })) as { mode: ModeName; generation: number },
    rotateKeys: async (revokeOld) =>
      (await ask('POST', `${ADMIN_ROUTES.keys}/rotate`, { revokeOld })) as KeysAnswer,
    act: async (verb, partId) => {
      await ask('POST', `${ADMIN_ROUTES.parts}/${encodeURIComponent(partId)}/${verb}`)
    },
    addNode: async () => ((await ask('POST', ADMIN_ROUTES.nodes)) as AddedNode).id,
    removeNode: async (nodeId) => {
      await ask('DELETE', `${ADMIN_ROUTES.nodes}/${encodeURIComponent(nodeId)}`)
    },
    link: async (from, to, request) => {
      const [source, target] = [from, to].map(encodeURIComponent)
      await ask('PUT', `${ADMIN_ROUTES.links}/${source}/${target}`, request)
    },
    shutdown: async () => {
      await ask('POST', ADMIN_ROUTES.shutdown)
    },
  }
}

function reasonIn(text: string): string | undefined {
  try {
    const { message, error } = JSON.parse(text) as ErrorBody
    return message ?? error
  } catch {
    return undefined
  }
}

async function readToken(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (cause) {
    throw new StillinError(`--token-file: ${file} cannot be read`, { exitCode: EXIT.usage, cause })
  }
}

import type { ForwarderName } from '#contract/environment.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { KeyRing, TokenVerifier } from '#contract/keys.ts'
import { LAB } from '#contract/lab.ts'
import type { Renewal } from '#contract/renewal.ts'
import { ROUTES } from '#contract/routes.ts'
import { namedRedis } from '../remote/named-redis.ts'
import type { RemoteAction, RemoteDriver, RemotePart, RemoteSettings } from '../remote/remote-driver.ts'
import { type Container, frontOf, toPart } from './container.ts'
import { docker as dockerCommand } from './docker.ts'
import { findProject, listContainers } from './find-project.ts'

const KEYS_FOLDER = '/var/lib/stillin/keys'
const REACH_MS = 1_500
/** A little more than a part gives what is in flight. */
const STOP_S = '12'

/**
 * The driver of a running Compose project, through the docker command. Addresses are those of the containers, since
 * a published port on loopback leads through one more process, which would be measured along.
 * @throws StillinError where no engine answers, no project runs, or its parts cannot be reached from here.
 */
export async function openCompose(
  projectName: string | undefined,
  docker = dockerCommand,
): Promise<RemoteDriver> {
  const project = await findProject(docker, projectName)
  const known = new Map<string, RemotePart>()
  let containers: readonly Container[] = []
  const look = async (): Promise<readonly RemotePart[]> => {
    containers = await listContainers(docker, project)
    return containers.map((container) => {
      const part = toPart(container, known.get(container.dockerId))
      if (part.url !== '') known.set(container.dockerId, part)
      return part
    })
  }
  const parts = await look()
  const only = (kind: string): [Container, RemotePart] => {
    const index = parts.findIndex((part) => part.kind === kind && part.condition !== 'stopped')
    const [container, part] = [containers[index], parts[index]]
    if (container !== undefined && part !== undefined) return [container, part]
    throw new StillinError(`the ${kind} of Compose project ${project} does not run`, {
      exitCode: EXIT.unavailable,
      hint: `Start it with \`docker-compose --project-name ${project} up -d\`.`,
    })
  }
  const [controlContainer, control] = only('control')
  const [proxyContainer, proxy] = only('proxy')
  const read = (file: string) => docker('exec', controlContainer.dockerId, 'cat', `${KEYS_FOLDER}/${file}`)
  const [adminToken, ownToken, ring] = await Promise.all([
    read('admin-token'),
    controlContainer.environment['STILLIN_CONTROL_TOKEN'] || read('control-token'),
    read('ring.json'),
  ])
  const redis = parts.find(({ kind, condition }) => kind === 'redis' && condition === 'ready')
  return {
    name: `Compose project ${project}`,
    control: {
      url: await reachable(control.url, controlContainer.published['9090']),
      token: ownToken.trim(),
    },
    adminToken: adminToken.trim(),
    proxy: {
      url: await reachable(proxy.url, proxyContainer.published['8080']),
      adminUrl: await reachable(proxy.adminUrl, proxyContainer.published['8081']),
    },
    redis:
      redis && (await namedRedis(redis.url, 'docker', `Compose project ${project}`).catch(() => undefined)),
    settings: readSettings(
      containers.find(({ kind }) => kind === 'node'),
      proxyContainer,
      JSON.parse(ring) as KeyRing,
    ),
    readRing: async () => JSON.parse(await read('ring.json')) as KeyRing,
    lacks: () => undefined,
    look,
    async signal(action, part) {
      const container = containers.find(({ name }) => part.names.includes(name))
      if (container === undefined) throw new StillinError(`${part.id} is no container of ${project}`)
      await obey(docker, action, container)
    },
    async cut(part, to, cut) {
      const container = containers.find(({ name }) => part.names.includes(name))
      if (container === undefined) throw new StillinError(`${part.id} is no container of ${project}`)
      const network = networkTowards(project, to)
      if (cut) await docker('network', 'disconnect', network, container.dockerId)
      else await docker('network', 'connect', ...aliasesIn(project, network), network, container.dockerId)
    },
  }
}

async function obey(
  docker: typeof dockerCommand,
  action: RemoteAction,
  { dockerId, condition, name }: Container,
): Promise<void> {
  if (action === 'start' && condition !== 'stopped') throw new StillinError(`${name} is ${condition} already`)
  if (action === 'stop') return void (await docker('stop', '--time', STOP_S, dockerId))
  const verb = action === 'resume' ? 'unpause' : action
  await docker(verb, dockerId)
  // A kill is obeyed when the process is gone, not when the signal is on its way.
  if (action === 'kill') await docker('wait', dockerId)
}

function networkTowards(project: string, to: string): string {
  if (to === 'redis') return `${project}_store`
  if (to === 'proxy') return frontOf(project)
  throw new StillinError(`in containers a node can be parted from redis or proxy, not from ${to}`, {
    exitCode: EXIT.usage,
    hint: 'Parting it from proxy parts it from the other nodes too: they share a network.',
  })
}

/** The name by which the others find a node; it is lost with the network. */
function aliasesIn(project: string, network: string): string[] {
  return network === frontOf(project) ? ['--alias', 'auth'] : []
}

/** The container's own address where this machine reaches it, else the published one. */
async function reachable(direct: string, published: string | undefined): Promise<string> {
  const answered = await fetch(direct + ROUTES.livez, { signal: AbortSignal.timeout(REACH_MS) }).then(
    () => true,
    () => false,
  )
  return answered || published === undefined ? direct : `http://${published}`
}

function readSettings(node: Container | undefined, proxy: Container, ring: KeyRing): RemoteSettings {
  const {
    STILLIN_USERS: users,
    STILLIN_JWT_VERIFIER: verifier,
    STILLIN_RENEWAL: renewal,
  } = node?.environment ?? {}
  return {
    users: Number(users || LAB.users),
    forwarder: (proxy.environment['STILLIN_FORWARDER'] || 'http-proxy') as ForwarderName,
    jwtAlgorithm: ring.signing.algorithm,
    jwtVerifier: (verifier || 'jose') as TokenVerifier,
    renewal: (renewal || 'fixed') as Renewal,
  }
}

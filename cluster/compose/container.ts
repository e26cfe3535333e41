import { addressedId } from '#contract/addressed-id.ts'
import type { PartCondition, PartKind } from '#contract/control.ts'
import type { RemotePart } from '../remote/remote-driver.ts'

/** What of `docker inspect` is read. */
export interface Inspected {
  readonly Id: string
  readonly Name: string
  readonly State: {
    readonly Status: string
    readonly Pid: number
    readonly Health?: { readonly Status: string }
  }
  readonly Config: {
    readonly Env: readonly string[] | null
    readonly Labels: Readonly<Record<string, string>>
  }
  readonly NetworkSettings: {
    readonly Networks: Readonly<
      Record<string, { readonly IPAddress: string; readonly Aliases?: readonly string[] | null }>
    >
    readonly Ports: Readonly<Record<string, readonly { HostIp: string; HostPort: string }[] | null>>
  }
}

/** A container of a Compose project that is a part of the cluster. */
export interface Container {
  readonly dockerId: string
  /** `shop_node_2` with docker-compose 1.29, `shop-node-2` with Compose v2. */
  readonly name: string
  readonly project: string
  readonly service: string
  readonly number: string
  readonly kind: PartKind
  readonly condition: PartCondition
  readonly pid: number | undefined
  readonly environment: Readonly<Record<string, string>>
  /** Its address in each network, by the network's name; only while it runs. */
  readonly addresses: Readonly<Record<string, string>>
  /** `127.0.0.1:8080` by the container's port. */
  readonly published: Readonly<Record<string, string>>
}

const KIND_LABEL = 'stillin.part'
export const PROJECT_LABEL = 'com.docker.compose.project'
/** Finds every container that is a part of some cluster. */
export const PART_FILTER = `label=${KIND_LABEL}`
const KINDS: readonly string[] = ['node', 'proxy', 'redis', 'control'] satisfies PartKind[]

/** Undefined where it is none of the parts that can be named: a job that has run, a profile's tool. */
export function toContainer(inspected: Inspected): Container | undefined {
  const { Labels: labels, Env: variables } = inspected.Config
  const kind = labels[KIND_LABEL] ?? ''
  if (!KINDS.includes(kind)) return undefined
  const { Networks: networks, Ports: ports } = inspected.NetworkSettings
  const addresses = Object.entries(networks).filter(([, { IPAddress }]) => IPAddress !== '')
  const isRunning = inspected.State.Pid > 0
  return {
    dockerId: inspected.Id,
    name: inspected.Name.replace(/^\//, ''),
    project: labels[PROJECT_LABEL] ?? '',
    service: labels['com.docker.compose.service'] ?? '',
    number: labels['com.docker.compose.container-number'] ?? '1',
    kind: kind as PartKind,
    condition: conditionOf(inspected.State),
    pid: isRunning ? inspected.State.Pid : undefined,
    environment: Object.fromEntries(
      (variables ?? []).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    ),
    addresses: Object.fromEntries(addresses.map(([name, { IPAddress }]) => [name, IPAddress])),
    published: publishedPorts(ports),
  }
}

function publishedPorts(ports: Inspected['NetworkSettings']['Ports']): Record<string, string> {
  const published: Record<string, string> = {}
  for (const [port, places] of Object.entries(ports)) {
    const first = places?.[0]
    if (first !== undefined) published[port.replace('/tcp', '')] = `${first.HostIp}:${first.HostPort}`
  }
  return published
}

function conditionOf({ Status: status, Health: health }: Inspected['State']): PartCondition {
  if (status === 'paused') return 'paused'
  if (status !== 'running') return 'stopped'
  return health?.Status === 'starting' ? 'starting' : 'ready'
}

/** The network by which a part is known to the others. */
export function frontOf(project: string): string {
  return `${project}_front`
}

/** As the cluster calls it: nodes by their address. A node that has none (any more) keeps what it was called. */
export function toPart(container: Container, known: RemotePart | undefined): RemotePart {
  const { kind, condition, project, service, number, name } = container
  const names = kind === 'node' ? [name, `${service}-${number}`] : [name]
  const front = container.addresses[frontOf(project)]
  // A node is called by that address alone: one that is parted from the others has no other name among them.
  const address = kind === 'node' ? front : (front ?? Object.values(container.addresses)[0])
  const state = { kind, condition, names, ...(container.pid === undefined ? {} : { pid: container.pid }) }
  if (address === undefined || (known !== undefined && condition === 'stopped'))
    return known === undefined
      ? { id: kind === 'node' ? name : kind, url: '', adminUrl: '', ...state }
      : { id: known.id, url: known.url, adminUrl: known.adminUrl, ...state }
  const [port, adminPort] = kind === 'shop' || kind === 'store' ? [] : PORTS[kind]
  return {
    id: kind === 'node' ? addressedId('node-*', address) : kind,
    url: `${kind === 'redis' ? 'redis' : 'http'}://${address}:${port}`,
    adminUrl: adminPort === undefined ? '' : `http://${address}:${adminPort}`,
    ...state,
  }
}

/** Public and private; the Compose file has no shop, and no store but Redis. */
const PORTS: Readonly<Record<Exclude<PartKind, 'shop' | 'store'>, readonly [number, number?]>> = {
  node: [3000, 3001],
  proxy: [8080, 8081],
  control: [9090],
  redis: [6379],
}

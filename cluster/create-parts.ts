import { type AddressPlan, localUrl, type PartAddress } from './address-plan.ts'
import { startChild } from './child.ts'
import type { ClusterOptions } from './cluster.ts'
import { entryPoint } from './entry-point.ts'
import { createManagedPart, type ManagedPart } from './managed-part.ts'
import {
  controlEnvironment,
  nodeEnvironment,
  type PresentState,
  proxyEnvironment,
  type SharedSettings,
} from './part-environment.ts'
import { createShopPart } from './shop-part.ts'

/** Every process of a cluster. */
export interface ClusterParts {
  /** Changes when a node is added or taken out. */
  readonly nodes: ManagedPart[]
  readonly proxy: ManagedPart
  readonly control: ManagedPart
  /** Absent unless one was asked for. */
  readonly shop: ManagedPart | undefined
}

export interface PartsOptions {
  readonly options: ClusterOptions
  readonly shared: SharedSettings
  readonly plan: AddressPlan
  readonly controlToken: string
  /** Read each time a part starts. */
  readonly present: Readonly<PresentState>
  readonly onChange: () => void
}

/** Builds one node; not started. */
export function createNode(
  { options, shared, plan, present, onChange }: PartsOptions,
  address: PartAddress,
): ManagedPart {
  return createManagedPart({
    onEvent: options.onEvent ?? (() => {}),
    onChange,
    id: address.id,
    kind: 'node',
    url: localUrl(address.port),
    adminUrl: localUrl(address.adminPort),
    spawn: (signal) =>
      startChild({
        entry: options.entries?.node ?? entryPoint('services/auth/main'),
        name: address.id,
        env: { ...nodeEnvironment(options, shared, address, plan, present) },
        signal,
      }),
  })
}

/** Builds the parts; none is started. */
export function createParts(wanted: PartsOptions): ClusterParts {
  const { options, shared, plan, controlToken, present, onChange } = wanted
  const common = { onEvent: options.onEvent ?? (() => {}), onChange }
  return {
    nodes: plan.nodes.map((address) => createNode(wanted, address)),
    proxy: createManagedPart({
      ...common,
      id: plan.proxy.id,
      kind: 'proxy',
      url: localUrl(plan.proxy.port),
      adminUrl: localUrl(plan.proxy.adminPort),
      spawn: (signal) =>
        startChild({
          entry: options.entries?.proxy ?? entryPoint('proxy/main'),
          name: plan.proxy.id,
          env: { ...proxyEnvironment(options, shared, plan.proxy, plan.nodes, present) },
          signal,
        }),
    }),
    control: createManagedPart({
      ...common,
      id: 'control',
      kind: 'control',
      url: localUrl(plan.controlPort),
      adminUrl: undefined,
      spawn: (signal) =>
        startChild({
          entry: options.entries?.control ?? entryPoint('services/control/main'),
          name: 'control',
          env: { ...controlEnvironment(options, shared, plan.controlPort, controlToken) },
          signal,
        }),
    }),
    shop: createShopPart(options, shared, plan, onChange),
  }
}

/** Starts all of them at once. When one fails the others are ended, and its error is thrown. */
export async function startTogether(
  parts: readonly ManagedPart[],
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted()
  const endAll = (): void => {
    for (const part of parts) void part.stop()
  }
  signal?.addEventListener('abort', endAll, { once: true })
  try {
    await Promise.all(parts.map((part) => part.act('start')))
  } catch (error) {
    await Promise.all(parts.map((part) => part.stop()))
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', endAll)
  }
}

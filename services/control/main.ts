import { type AddressInfo, isIPv6 } from 'node:net'
import type { PartState } from '#contract/control.ts'
import { StillinError } from '#contract/errors.ts'
import type { LinkState } from '#contract/links.ts'
import type { FailedMessage, ReadyMessage } from '#contract/supervision.ts'
import { createClusterView } from './cluster-view.ts'
import { type ControlConfig, readConfig } from './config.ts'
import { createControl } from './control.ts'
import { buildControlServer } from './control-server.ts'
import { createDashboard } from './dashboard/dashboard.ts'
import { createPartReader } from './dashboard/part-reader.ts'
import { findParts } from './find-parts.ts'
import { keyFile } from './key-file.ts'
import { createPartClient } from './part-client.ts'
import { lookAtParts, pollParts } from './part-poller.ts'
import { type Channel, connectSupervisor } from './supervisor-link.ts'

/** A part answers its private listener within this, or counts as failed. */
const PART_ANSWER_MS = 5_000
const LOOK_ANSWER_MS = 1_000
const LOOK_INTERVAL_MS = 1_000
/** A part may take long to start. */
const ACT_MS = 60_000

async function main(): Promise<void> {
  const config = readConfig()
  const supervised = process.send !== undefined
  const view = createClusterView(config.mode, supervised)
  const client = createPartClient(config.adminToken, PART_ANSWER_MS)
  const supervisor = supervised
    ? connectSupervisor(ipcChannel(), (parts, links) => observe(parts, links), ACT_MS)
    : undefined
  const control = createControl({
    view,
    client,
    supervisor,
    keys: config.keysFile === undefined ? undefined : keyFile(config.keysFile),
    onProblem: (message) => server.log.warn({ code: 'part_not_up_to_date' }, message),
  })
  const dashboard = createDashboard({ control, reader: createPartReader(config.adminToken, LOOK_ANSWER_MS) })
  const observe = (parts: readonly PartState[], links?: readonly LinkState[]): void => {
    view.setLinks(links)
    void control.observe(parts)
    dashboard.notice()
  }
  const { token, logLevel } = config
  const server = buildControlServer({ control, token, logLevel, dashboard })
  await server.listen({ host: config.host, port: config.port })
  const polling = supervised ? undefined : watchContainers(config, view, control)
  leaveWithSupervisor(async () => {
    polling?.[Symbol.dispose]()
    await dashboard[Symbol.asyncDispose]()
    await server.close()
  })
  tell({ type: 'ready', pid: process.pid, url: urlOf(server.server.address() as AddressInfo) })
}

function watchContainers(
  config: ControlConfig,
  view: ReturnType<typeof createClusterView>,
  control: ReturnType<typeof createControl>,
): Disposable {
  const client = createPartClient(config.adminToken, LOOK_ANSWER_MS)
  return pollParts(
    async () => lookAtParts(await findParts(config.parts), client),
    async ({ parts, newest, behind }) => {
      if (newest !== undefined && newest.generation > view.state().generation) {
        view.commit(newest.mode, newest.generation)
      }
      await control.observe(parts, behind)
    },
    LOOK_INTERVAL_MS,
  )
}

function ipcChannel(): Channel {
  return {
    send: (message) => {
      if (process.connected) process.send?.(message)
    },
    onMessage: (listener) => {
      process.on('message', listener)
    },
  }
}

/** Whoever started this process holds the other end of the channel; without it there is nobody to serve. */
function leaveWithSupervisor(close: () => Promise<void>): void {
  const leave = (): void => {
    setTimeout(() => process.exit(0), 1_000).unref()
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.once('disconnect', leave)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, leave)
}

function urlOf(address: AddressInfo): string {
  const host = isIPv6(address.address) ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}

function tell(message: ReadyMessage | FailedMessage): void {
  if (process.connected) process.send?.(message)
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  console.error(error instanceof StillinError ? message : error)
  tell({
    type: 'failed',
    message,
    ...(error instanceof StillinError && error.hint ? { hint: error.hint } : {}),
  })
  process.exitCode = error instanceof StillinError ? error.exitCode : 1
  // The channel would keep the process alive.
  if (process.connected) process.disconnect()
})

import type { Written } from '#bench/check/written.ts'
import { sendOnce } from '#bench/load/send.ts'
import { createClient, type VirtualClient } from '#bench/workload/client.ts'
import { LAB } from '#contract/lab.ts'
import { renderRequest, type Target } from '#contract/target.ts'
import type { SeededLogin } from '../../lab/seeding.ts'
import { every } from './every.ts'

/** What the writers were promised, before anybody has looked what is left of it. */
export interface Writers {
  tried: number
  acknowledged: number
  each: readonly { client: VirtualClient; acknowledged: number }[]
}

const INTERVAL_MS = 100
const TIMEOUT_MS = 2_000

/** One of the writers after the other keeps a higher number with their login, through the entrance, until the signal. */
export async function probeWrites(
  target: Target,
  logins: readonly SeededLogin[],
  signal: AbortSignal,
): Promise<Writers> {
  const each = logins.map(({ credential }) => {
    const client = createClient(target, credential.userId, LAB.password)
    client.adopt(credential)
    return { client, acknowledged: 0 }
  })
  const counts = { tried: 0, acknowledged: 0 }
  await every(INTERVAL_MS, signal, async (turn) => {
    const writer = each[turn % each.length]
    const request = writer?.client.request('write', { data: JSON.stringify({ n: turn + 1 }) })
    if (writer === undefined || request === undefined) return
    counts.tried += 1
    const answer = await sendOnce(target.url, request, { timeoutMs: TIMEOUT_MS })
    if (answer.kind !== 'answer') return
    writer.client.absorb(answer.setCookies, answer.body)
    if (answer.status >= 300) return
    counts.acknowledged += 1
    writer.acknowledged = turn + 1
  })
  return { ...counts, each }
}

/** Reads at every node what each writer has. */
export async function readWritten(target: Target, writers: Writers): Promise<Written[]> {
  const { readData } = target.requests
  if (readData === undefined) return []
  return Promise.all(
    writers.each.map(async ({ client, acknowledged }) => {
      const request = renderRequest(readData, client.credential())
      const answers = await Promise.all(
        target.nodes.map(({ url }) => sendOnce(url, request, { timeoutMs: TIMEOUT_MS })),
      )
      const read = answers.flatMap((answer) =>
        answer.kind === 'answer' && answer.status === 200 ? [numberIn(answer.body)] : [],
      )
      return { acknowledged, read }
    }),
  )
}

function numberIn(body: unknown): number | undefined {
  const data = (body as { data?: { n?: unknown } } | null)?.data
  return typeof data?.n === 'number' ? data.n : undefined
}

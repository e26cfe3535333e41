import { CREDENTIAL_MAX_BYTES } from '#contract/headers.ts'
import { labUserId } from '#contract/lab.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { ClusterLab } from '../lab/lab.ts'
import { seedOnNode } from '../lab/seeding.ts'

/** `{"d":""}`: less cannot be written as an object with one member. */
export const PAYLOAD_MIN_BYTES = 8

/** Data whose JSON text has exactly this many bytes; undefined: no data. */
export function payloadOf(bytes: number): Record<string, string> | undefined {
  return bytes === 0 ? undefined : { d: 'x'.repeat(Math.max(0, bytes - PAYLOAD_MIN_BYTES)) }
}

/**
 * Makes one login of that size in each mode: where the client itself carries the data, the credential must not exceed
 * what browsers and servers on the way take.
 */
export async function modesThatCarry(
  lab: ClusterLab,
  modes: readonly ModeName[],
  payloadBytes: number,
): Promise<{ measured: ModeName[]; leftOut: string[] }> {
  const [node] = lab.cluster.nodes()
  const measured: ModeName[] = []
  const leftOut: string[] = []
  for (const mode of modes) {
    const isCarriedByClient = payloadBytes > 0 && MODES[mode].credential !== 'session-id-cookie'
    const bytes = isCarriedByClient && node ? await credentialBytes(lab, mode, node, payloadBytes) : 0
    if (bytes <= CREDENTIAL_MAX_BYTES) measured.push(mode)
    else
      leftOut.push(
        `${mode}: left out, because its credential would have ${bytes} bytes with ${payloadBytes} bytes of data; clients carry ${CREDENTIAL_MAX_BYTES}`,
      )
  }
  return { measured, leftOut }
}

async function credentialBytes(
  lab: ClusterLab,
  mode: ModeName,
  node: ReturnType<ClusterLab['cluster']['nodes']>[number],
  payloadBytes: number,
): Promise<number> {
  await lab.cluster.setMode(mode)
  const data = payloadOf(payloadBytes)
  const [login] = await seedOnNode(lab.cluster, node, [labUserId(0)], undefined, data)
  const { cookie, authorization = '' } = (login?.credential.headers ?? {}) as Record<
    string,
    string | undefined
  >
  return cookie?.length ?? authorization.length - 'Bearer '.length
}

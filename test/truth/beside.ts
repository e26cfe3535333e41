import { type Lab, openLab } from '#bench/experiment/lab/lab.ts'
import { hodgesLehmann } from '#bench/statistics/hodges-lehmann.ts'

/** The lab in which our generator and another one take turns, for `redis` and `jwt`. */
export function openLabBeside(of: { nodes: number; users: number }, signal: AbortSignal): Promise<Lab> {
  const tokens = { jwtAlgorithm: 'HS256', jwtVerifier: 'jose' } as const
  const unset = { redisUrl: undefined, plant: undefined }
  const progress = { update: () => {}, note: (text: string) => console.error(text) }
  return openLab(
    { ...of, modes: ['redis', 'jwt'], forwarder: 'http-proxy', ...tokens, ...unset },
    progress,
    signal,
  )
}

/** The centre of ratios, one a turn, with its exact interval. */
export function ratio(of: readonly number[]): string {
  const { estimate, interval } = hodgesLehmann(of.map(Math.log))
  const [low, high] = interval ?? [Number.NaN, Number.NaN]
  return `${Math.exp(estimate).toFixed(3)} (${Math.exp(low).toFixed(3)}–${Math.exp(high).toFixed(3)})`
}

import type { LabOptions } from '#bench/experiment/lab/lab.ts'
import { LAB } from '#contract/lab.ts'
import { DEFAULT_MODES, MODE_NAMES, type ModeName } from '#contract/modes.ts'

/** The command that runs an experiment again: only what differs from the defaults, and the seed. */
export function commandLine(
  name: string,
  lab: LabOptions,
  flags: Readonly<Record<string, string | number | true | undefined>>,
  defaultModes: readonly ModeName[] = DEFAULT_MODES,
): string {
  const differing: [string, string | number | true | undefined][] = [
    ['cluster', lab.cluster],
    ['modes', modesWord(lab.modes, defaultModes)],
    ['nodes', lab.nodes === LAB.nodes ? undefined : lab.nodes],
    ['users', lab.users === LAB.users ? undefined : lab.users],
    ['forwarder', lab.forwarder === 'http-proxy' ? undefined : lab.forwarder],
    ['session-reader', lab.sessionReader === 'fastify-session' ? undefined : lab.sessionReader],
    ['jwt-algorithm', lab.jwtAlgorithm === 'HS256' ? undefined : lab.jwtAlgorithm],
    ['jwt-verifier', lab.jwtVerifier === 'jose' ? undefined : lab.jwtVerifier],
    ['outage', lab.outage === 'closed' ? undefined : lab.outage],
    ['jwt-encrypt', lab.jwtEncrypt ? true : undefined],
    ['jwt-cache', lab.jwtCache === 0 ? undefined : lab.jwtCache],
    ['store', lab.store === 'redis' ? undefined : lab.store],
    ...Object.entries(lab.renewalFlags ?? {}),
    ...Object.entries(flags),
  ]
  const words = differing.flatMap(([flag, value]) => {
    if (value === undefined) return []
    return value === true ? [`--${flag}`] : [`--${flag}`, String(value)]
  })
  return ['stillin', name, ...words].join(' ')
}

function modesWord(modes: readonly ModeName[], defaults: readonly ModeName[]): string | undefined {
  const word = modes.join()
  if (word === defaults.join()) return undefined
  return word === MODE_NAMES.join() ? 'all' : word
}

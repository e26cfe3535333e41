import { type Mix, type MixedOperation, sharesOf } from '#contract/mix.ts'
import { MODES, type ModeName } from '#contract/modes.ts'
import type { Point, RunConfiguration } from '#contract/result.ts'
import { formatCount, formatFigure } from '../numbers.ts'

const OPERATION_WORDS: Readonly<Record<MixedOperation, string>> = {
  lookup: 'lookups',
  write: 'writes',
  refresh: 'refreshes',
  login: 'logins with password',
}

/** `94 % lookups, 4 % writes, 2 % logins with password` */
export function mixWords(mix: Mix): string {
  return sharesOf(mix)
    .map(([operation, share]) => `${formatFigure(100 * share)} % ${OPERATION_WORDS[operation]}`)
    .join(', ')
}

/** What one figure of that point is a figure of. */
export function requestWord({ mix }: RunConfiguration, point: Point): string {
  return mix && point === 'equal-rate' ? 'request of the mix' : 'lookup'
}

/** What the load was beyond lookups of small logins on one stack; empty: nothing. */
export function loadExtras({
  modes,
  payloadBytes,
  sessions,
  mix,
  stacks,
  redisRttMs,
}: RunConfiguration): readonly string[] {
  return [
    mix ? `${mixWords(mix)} at the equal rate, lookups alone when saturated` : '',
    payloadBytes ? `${formatCount(payloadBytes)} bytes of data in every login` : '',
    sessions ? sessionWords(sessions, modes) : '',
    redisRttMs === undefined
      ? ''
      : `every node reaches Redis through a relay that adds ${formatFigure(redisRttMs)} ms`,
    stacks ? `rounds shared out over ${stacks} starts of the whole stack` : '',
  ].filter((part) => part !== '')
}

/** Sessions in the nodes' memory are there whatever mode answers: a larger heap is everybody's. */
function sessionWords(sessions: number, modes: readonly ModeName[]): string {
  const words = `${formatCount(sessions)} more live sessions in modes that keep any`
  const inNodes = modes.filter((mode) => ['node-memory', 'every-node'].includes(MODES[mode].store))
  if (inNodes.length === 0 || inNodes.length === modes.length) return words
  return `${words}; the nodes’ heaps hold those of ${inNodes.join(', ')} whichever mode is measured`
}

import type { Point, RunResult } from '#contract/result.ts'
import { formatCount, formatFigure, formatNodes } from '../numbers.ts'
import { mixWords } from '../story/load-words.ts'

/** The conditions of a point in a few words, for the head of a table or a chart. */
export function pointHead(result: RunResult, point: Point): string {
  const { ratePerS, mix } = result.configuration
  const what = mix ? ' of a mix' : ''
  switch (point) {
    case 'saturated':
      return 'saturated'
    case 'equal-rate':
      return ratePerS === null ? 'equal rate' : `equal rate, ${formatCount(ratePerS)}/s${what}`
    case 'failure':
      return 'under failure'
  }
}

/** The same in a whole sentence. */
export function pointSentence(result: RunResult, point: Point): string {
  const { connections, nodes, ratePerS, via, mix } = result.configuration
  const path =
    via === 'proxy'
      ? `through the proxy to ${formatNodes(nodes)}`
      : nodes === 1
        ? 'at one node directly'
        : `at ${nodes} nodes directly`
  const rate = ratePerS === null ? 'the same rate for all' : `${formatCount(ratePerS)} requests/s for all`
  switch (point) {
    case 'saturated':
      return `Saturated: closed loop, one node, ${formatCount(connections)} connections, no pause between requests.`
    case 'equal-rate':
      return `Equal rate: open loop, ${rate}, ${path}; latency runs from the intended time, over accepted ${mix ? 'requests' : 'lookups'} only.${mix ? ` Every figure there is one of the whole mix (${mixWords(mix)}); its baseline is the bare route alone.` : ''}`
    case 'failure': {
      const run = result.failures[0]
      return run === undefined
        ? 'Under failure: open loop with a fault in the middle.'
        : `Under failure: open loop, ${formatFigure(run.ratePerS)} requests/s, ${path}, one fault in the middle of ${formatFigure(run.durationMs / 1000)} s.`
    }
  }
}

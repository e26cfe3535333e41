import { formatNodes } from '#bench/report/numbers.ts'
import { conditionsOf } from '#bench/report/story/conditions.ts'
import { validityOf } from '#bench/report/story/validity.ts'
import type { DecisionSource } from '#contract/decision.ts'
import type { RunResult } from '#contract/result.ts'

/** A result and the file it was read from. */
export interface Source {
  readonly file: string
  readonly result: RunResult
}

/** A run that is not valid, or of a system that was sabotaged on purpose, is no evidence of anything. */
export function isUsable({ result }: Source): boolean {
  return result.valid && result.configuration.plant === null && isOverRedis(result)
}

/** A mode that is called redis is weighed as what its name says. */
function isOverRedis({ configuration }: RunResult): boolean {
  return (configuration.store ?? 'redis') === 'redis'
}

export function describeSource(source: Source): DecisionSource {
  const { result, file } = source
  const { headline, reasons } = validityOf(result)
  const conditions = conditionsOf(result)
    .map(({ name, value }) => `${name}: ${value}`)
    .join('. ')
  return {
    file,
    id: result.id,
    usable: isUsable(source),
    doubts: [
      ...(result.valid ? [] : [headline]),
      ...(isOverRedis(result)
        ? []
        : [`its mode redis ran over ${result.configuration.store}, not over Redis`]),
      ...reasons,
    ],
    conditions,
  }
}

/** `830/s through the proxy to 3 nodes` */
export function pathWords({ configuration }: RunResult): string {
  const { nodes, via, ratePerS } = configuration
  const path = via === 'proxy' ? `through the proxy to ${formatNodes(nodes)}` : 'at the nodes directly'
  return `${ratePerS ?? 'no'}/s ${path}`
}

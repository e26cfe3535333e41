import { formatPercent } from '#bench/report/numbers.ts'
import type { CalibrationEvidence, PlantedEffect } from '#contract/calibration.ts'

const ENOUGH = 0.95

/** What can be seen here, in how many rounds, and how often the rule cries wolf; of these minutes alone. */
export function calibrationSentences({ effects, rounds }: CalibrationEvidence): string[] {
  const alarms = effects.filter(({ name }) => name === 'none')
  return [
    ...effects.filter(({ name }) => name !== 'none').map((effect) => sight(effect, rounds)),
    ...alarms.map(
      ({ metric, detections }) =>
        `Two equal arms were called different in ${metric === 'nodeCpuUs' ? 'CPU' : 'latency'} in at most ${formatPercent(Math.max(0, ...detections.map(({ share }) => share)))} % of draws.`,
    ),
  ]
}

function sight({ name, detections }: PlantedEffect, measured: number): string {
  const from = `of draws from the ${measured} measured`
  const enough = detections.find(({ share }) => share >= ENOUGH)
  const last = detections.at(-1)
  if (enough)
    return `${name} is seen in ${enough.rounds} rounds (found in ${formatPercent(enough.share)} % ${from}).`
  return `${name} is not reliably seen in ${last?.rounds ?? 0} rounds (found in ${formatPercent(last?.share ?? null)} % ${from}).`
}

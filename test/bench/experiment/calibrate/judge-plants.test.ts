import { describe, expect, it } from 'vitest'
import { calibrationSentences } from '#bench/experiment/calibrate/calibration-sentences.ts'
import { checkPlants, judgePlants, type PlantedWindow } from '#bench/experiment/calibrate/judge-plants.ts'
import { judgeable, PLANTS } from '#bench/experiment/calibrate/plants.ts'
import { renderCalibration } from '#bench/report/terminal/calibration-report.ts'
import type { SelfCheck } from '#contract/result.ts'
import { fixture } from '../../report/fixture.ts'
import { windowRow } from '../costs/window-row.ts'

/** Rounds of a still machine on which each plant shows as planted, or, where the node lies, as nothing. */
function windows(shown: boolean): PlantedWindow[] {
  return Array.from({ length: 16 }, (_, index) => {
    const round = index + 1
    const jitter = (place: number) => 1 + (((index * 7 + place * 3) % 11) - 5) / 2_000
    const at = (
      plant: string | undefined,
      point: 'saturated' | 'equal-rate',
      place: number,
    ): PlantedWindow => {
      const planted = PLANTS.find(({ name }) => name === plant)
      const times = shown ? 1 + (planted?.cpuShare ?? 0) : 1
      const p50 = (0.8 + (shown ? (planted?.delayMs ?? 0) : 0)) * jitter(place)
      const latencyMs = { responseP50: p50, responseP99: null, serviceP50: p50, serviceP99: null }
      return { plant, row: windowRow({ round, point, nodeUs: 40 * times * jitter(place), latencyMs }) }
    }
    const plain = [0, 1, 2].flatMap((place) => [
      at(undefined, 'saturated', place),
      at(undefined, 'equal-rate', place),
    ])
    return [...plain, ...PLANTS.map(({ name, point }, place) => at(name, point, place + 3))]
  }).flat()
}

describe('a calibration', () => {
  it('finds what was planted, at its size, and calls equal arms equal', () => {
    const effects = judgePlants(windows(true), PLANTS, 40, 1, 10)
    const found = Object.fromEntries(
      effects.map(({ name, metric, ratio }) => [`${name} ${metric}`, ratio.toFixed(2)]),
    )
    expect(found).toMatchObject({
      'none nodeCpuUs': '1.00',
      'none responseP50Ms': '1.00',
      '+10 % CPU nodeCpuUs': '1.10',
      '+50 % CPU nodeCpuUs': '1.50',
      '+1 ms responseP50Ms': '2.25',
    })
    expect(effects.find(({ name }) => name === '+10 % CPU')?.planted).toBeCloseTo(1.1, 2)
    expect(checkPlants(effects, PLANTS).map(({ ok }) => ok)).toEqual([true, true])
    expect(calibrationSentences({ ...EVIDENCE, effects })).toContain(
      '+10 % CPU is seen in 8 rounds (found in 100 % of draws from the 16 measured).',
    )
  })

  it('judges nothing by a latency that a check voided, and says so', () => {
    const late: SelfCheck = {
      name: 'lateness, p99',
      arm: 'redis',
      ok: false,
      detail: 'too late in 10 of 12 windows',
      voids: 'latency',
    }
    const { plants, sentences } = judgeable(PLANTS, [late])
    const effects = judgePlants(windows(true), plants, 40, 1, 10)
    expect(effects.filter(({ metric }) => metric === 'responseP50Ms')).toEqual([])
    expect(effects.map(({ name }) => name)).toContain('+50 % CPU')
    expect(checkPlants(effects, plants).map(({ ok }) => ok)).toEqual([true, true])
    expect(sentences).toEqual([
      'Nothing is said of +1 ms, nor of two equal arms in latency: a self-check voided it (lateness, p99: too late in 10 of 12 windows).',
    ])
    expect(
      judgeable(PLANTS, [
        { ...late, ok: true },
        { ...late, voids: 'nothing' },
      ]),
    ).toEqual({
      plants: PLANTS,
      sentences: [],
    })
  })

  it('is void where a planted +50 % shows nowhere', () => {
    const [large] = checkPlants(judgePlants(windows(false), PLANTS, 40, 1, 10), PLANTS)
    expect(large).toMatchObject({ ok: false, voids: 'run' })
  })

  it('fits 100 columns', () => {
    const calibration = { ...EVIDENCE, effects: judgePlants(windows(true), PLANTS, 40, 1, 10) }
    const text = renderCalibration(
      { ...fixture(), kind: 'calibration', calibration },
      { colour: false, width: 100 },
    )
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
  })
})

const EVIDENCE = { mode: 'redis', rounds: 16, comparisons: 6, blockRounds: 8, requestCpuUs: 40 } as const

import { describe, expect, it } from 'vitest'
import type { TakenWindow } from '#bench/experiment/costs/take-window.ts'
import { verifierWords } from '#bench/experiment/lab/verifier-words.ts'
import { firstFlaw } from '#bench/experiment/results/read-result.ts'
import { demandSameMachine, whatChanged } from '#bench/experiment/size/check/demand-same-machine.ts'
import { judgeLoad, spreadErrors } from '#bench/experiment/size/check/judge-load.ts'
import { labOfResult } from '#bench/experiment/size/check/lab-of-result.ts'
import { planLoads } from '#bench/experiment/size/check/planned-load.ts'
import { checkSentences } from '#bench/experiment/size/check/size-check-sentences.ts'
import { createHistogram } from '#bench/measure/histogram.ts'
import { renderSizeCheck } from '#bench/report/terminal/size-check-report.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { RunResult } from '#contract/result.ts'
import { fixture } from '../../../report/fixture.ts'
import { windowRow } from '../../costs/window-row.ts'

const US = 1e-6
const MACHINE = { nodes: 1, cores: 2 }
const COSTS = {
  saturated: { perNodePerS: 20_000, loopS: 50 * US, nodeS: 50 * US, storeS: 0 },
  equalRate: { perNodePerS: 1_000, loopS: 200 * US, nodeS: 200 * US, storeS: 0 },
  asksStore: false,
  proxyS: null,
  proxyPerS: 0,
  bareSteepness: 0,
  generatorS: 100 * US,
  bytes: 400,
}
const [LOAD] = planLoads('cookie', COSTS, MACHINE).loads

/** Rounds of 1,000 lookups in a second, each costing 100 µs of the node and 12 of the generator. */
function taken(samples: number): TakenWindow[] {
  const response = createHistogram()
  for (let index = 0; index < samples; index += 1) response.record(1_000)
  return Array.from({ length: 6 }, (_, index) => ({
    row: windowRow({ arm: 'cookie', point: 'equal-rate', round: index + 1, nodeUs: 100 }),
    load: { responseUs: response.encode() } as TakenWindow['load'],
    ledger: {} as TakenWindow['ledger'],
  }))
}

function judge(samples = 200, checks: Parameters<typeof judgeLoad>[2] = []) {
  if (!LOAD) throw new Error('no load was planned')
  const judged = judgeLoad({ ...LOAD, ratePerS: 1_000 }, taken(samples), checks, MACHINE)
  const figure = (name: string) => judged.figures.find((one) => one.name === name)
  return { judged, figure }
}

function refusal(act: () => unknown): StillinError {
  try {
    act()
  } catch (error) {
    if (error instanceof StillinError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a load that was driven', () => {
  it('says how far measured lies from projected, by each model', () => {
    const { figure } = judge()
    expect(figure('nodeCpuUs')?.measured).toBeCloseTo(100)
    expect(figure('nodeCpuUs')?.projected['both-points']?.error).toBeCloseTo(-0.5)
    expect(figure('nodeCpuUs')?.projected.saturated?.error).toBeCloseTo(1)
    // 1,000/s × 90 µs on the loop of one node.
    expect(figure('loopShare')?.measured).toBeCloseTo(0.09)
    expect(figure('labCores')?.measured).toBeCloseTo(0.112)
    expect(figure('bytes')?.projected.saturated?.error).toBeCloseTo(0)
    expect(figure('responseP99Ms')?.measured).toBeCloseTo(1, 1)
  })

  it('has no row for a tier that takes no part', () => {
    const { figure } = judge()
    expect(figure('storeCpuUs')).toBeUndefined()
    expect(figure('proxyCpuUs')).toBeUndefined()
  })

  it('keeps its CPU and loses its latency where the generator was late', () => {
    const late = { name: 'lateness, p99', ok: false, detail: 'too late', voids: 'latency' } as const
    const { figure } = judge(200, [late])
    expect(figure('nodeCpuUs')?.measured).toBeCloseTo(100)
    expect(figure('responseP50Ms')).toMatchObject({ measured: null, reason: 'lateness, p99: too late' })
    expect(figure('responseP50Ms')?.projected.saturated?.error).toBeNull()
  })

  it('loses everything where it could not be driven as planned, and says why', () => {
    const short = { name: 'achieved rate', ok: false, detail: '71 % were sent', voids: 'run' } as const
    const { judged } = judge(200, [short])
    expect(judged.doubts).toEqual(['achieved rate: 71 % were sent'])
    expect(judged.figures.every(({ measured }) => measured === null)).toBe(true)
    expect(spreadErrors([judged])).toEqual([])
  })

  it('has no p99 of few samples', () => {
    expect(judge(100).figure('responseP99Ms')).toMatchObject({
      measured: null,
      reason: '600 samples; p99 wants 1,000',
    })
  })
})

describe('the spread of errors', () => {
  it('is over loads, with the median of what they are without signs', () => {
    const { judged } = judge()
    const nodeCpu = spreadErrors([judged, judged]).find(
      ({ name, model }) => name === 'nodeCpuUs' && model === 'both-points',
    )
    expect(nodeCpu).toMatchObject({ n: 2 })
    expect(nodeCpu?.least).toBeCloseTo(-0.5)
    expect(nodeCpu?.median).toBeCloseTo(0.5)
    const [said] = checkSentences({ errors: spreadErrors([judged]), loads: [judged] })
    expect(said).toBe(
      "Measured over 1 load of 1 mode, CPU of a node for a lookup was 0.50 times what the run's two points together project, and 2.0 times what its saturated point alone projects.",
    )
  })
})

describe('the lab of a result', () => {
  const { configuration, ...rest } = fixture()
  const of = (more: Partial<RunResult['configuration']>) =>
    labOfResult({ ...rest, configuration: { ...configuration, ...more } }, ['jwt'], undefined)

  it('is started with what the result was measured with', () => {
    const words = verifierWords({ ...of({}), jwtVerifier: 'node', jwtEncrypt: true, jwtCache: 5_000 })
    const lab = of({ nodes: 2, jwtVerifier: words, payloadBytes: 512, redisRttMs: 1, outage: 'stale' })
    expect(lab).toMatchObject({
      nodes: 2,
      jwtVerifier: 'node',
      jwtEncrypt: true,
      jwtCache: 5_000,
      redisRttMs: 1,
      live: { sessions: 0, payloadBytes: 512 },
      nodeEnvironment: { STILLIN_OUTAGE: 'stale' },
    })
    expect(of({})).toMatchObject({ jwtVerifier: 'jose', jwtEncrypt: false, jwtCache: 0 })
  })

  it.each([
    ['somebody else’s cluster', { cluster: 'Compose project shop' }, /measured on Compose project shop/],
    ['a planted bug', { plant: 'slow' }, /planted bug \(slow\)/],
    ['renewed logins', { renewal: 'pair' }, /renewal \(pair\)/],
    ['words of another version', { forwarder: 'pigeons' }, /names pigeons, of which only/],
  ])('is refused where that was %s', (_what, more, message) => {
    const error = refusal(() => of(more))
    expect(error.message).toMatch(message)
    expect(error.exitCode).toBe(EXIT.usage)
  })
})

describe('the machine of a result', () => {
  const result = fixture()
  const { environment } = result

  it('must be this one', () => {
    expect(() => demandSameMachine(result, environment)).not.toThrow()
    const error = refusal(() => demandSameMachine(result, { ...environment, cores: 64 }))
    expect(error.message).toMatch(/another machine than this one \(cores: 2 then, 64 now\)/)
    expect(error.exitCode).toBe(EXIT.usage)
  })

  it('may have changed in what moves costs, which is said', () => {
    expect(whatChanged(result, { ...environment, node: 'v26.0.0' })).toEqual([
      `Node: ${environment.node} then, v26.0.0 now`,
    ])
  })
})

describe('the report of a check', () => {
  const { judged } = judge()
  const { capacities } = planLoads('cookie', COSTS, MACHINE)
  const sizeCheck = {
    resultId: 'a-run',
    utilisation: 0.7,
    ...MACHINE,
    capacities,
    loads: [judged],
    errors: spreadErrors([judged]),
    differences: ['Node: 24 then, 26 now'],
  }
  const result: RunResult = { ...fixture(), kind: 'size-check', arms: [], failures: [], sizeCheck }

  it('puts both projections with their errors beside what was measured, within 100 columns', () => {
    const text = renderSizeCheck(result, { colour: false, width: 100 })
    expect(text).toContain('100  200 (−50 %)  50.0 (+100 %)')
    expect(text).toContain('Not as it was: Node: 24 then, 26 now.')
    expect(text).toContain('cookie: 7,000/s (full first: the load')
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
  })

  it('is of a result that fits the schema', () => {
    expect(firstFlaw(JSON.parse(JSON.stringify(result)))).toBeUndefined()
  })
})

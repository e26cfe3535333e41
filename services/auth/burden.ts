import type { IncomingMessage, ServerResponse } from 'node:http'
import { HEADERS } from '#contract/headers.ts'
import type { BurdenRequest } from '#contract/node-admin.ts'
import { ROUTES } from '#contract/routes.ts'

const TRIALS = 8
const TRIAL_MS = 15
/** As many as a request would bear: the loop is compiled as it will be called. */
const TRIAL_ITERATIONS = 5_000

/**
 * A slowdown planted in every public answer, or in those that check a login, so that a harness can be asked whether it
 * sees it: a fixed amount of arithmetic, or a delay. Tests and calibration only (NODE_ENV=test). What may bear it names
 * it, also one of nothing, so that arms with and without it differ in nothing else.
 */
export class Burden {
  #name: string | undefined
  #iterations = 0
  #iterationsPerUs: number | undefined
  #delayMs = 0
  #checksOnly = false

  /** From now on. The arithmetic is measured out in CPU time of this thread. */
  put({ cpuUs, delayMs, checksOnly = false }: BurdenRequest): void {
    this.#name = `burden;cpuUs=${cpuUs};delayMs=${delayMs}${checksOnly ? ';checks' : ''}`
    this.#checksOnly = checksOnly
    this.#iterationsPerUs ??= iterationsPerUs()
    this.#iterations = Math.round(cpuUs * this.#iterationsPerUs)
    this.#delayMs = delayMs
  }

  /** Bears it, then goes on. */
  bear({ url }: IncomingMessage, response: ServerResponse, goOn: () => void): void {
    if (this.#name === undefined || (this.#checksOnly && url === ROUTES.baseline)) {
      goOn()
      return
    }
    response.setHeader(HEADERS.plant, this.#name)
    if (this.#iterations > 0) spin(this.#iterations)
    if (this.#delayMs > 0) setTimeout(goOn, this.#delayMs)
    else goOn()
  }
}

let sink = 0

/** Integer arithmetic that no compiler can leave out: its result is kept. */
function spin(iterations: number): void {
  let value = sink | 1
  for (let index = 0; index < iterations; index += 1) value = Math.imul(value ^ index, 0x9e3779b1)
  sink = value
}

/** The speed of the loop once it is compiled: the best of several trials, since on a busy machine most are too slow. */
function iterationsPerUs(): number {
  let best = 0
  for (let trial = 0; trial < TRIALS; trial += 1) best = Math.max(best, trialPerUs())
  return best
}

function trialPerUs(): number {
  const start = process.threadCpuUsage()
  const untilMs = performance.now() + TRIAL_MS
  let iterations = 0
  while (performance.now() < untilMs) {
    spin(TRIAL_ITERATIONS)
    iterations += TRIAL_ITERATIONS
  }
  const { user, system } = process.threadCpuUsage(start)
  return iterations / Math.max(1, user + system)
}

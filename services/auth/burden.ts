import type { ServerResponse } from 'node:http'
import { HEADERS } from '#contract/headers.ts'
import type { BurdenRequest } from '#contract/node-admin.ts'

/** Long enough to tell the speed of the loop within a percent, short enough for a request's time. */
const TRIAL_MS = 30
const TRIAL_ITERATIONS = 20_000

/**
 * A slowdown planted in every public answer, so that a harness can be asked whether it sees it: a fixed amount of
 * arithmetic, or a delay. Tests and calibration only (NODE_ENV=test). Every answer names it, also one of nothing, so
 * that arms with and without it differ in nothing else.
 */
export class Burden {
  #name: string | undefined
  #iterations = 0
  #delayMs = 0

  /** From now on. The arithmetic is measured out in CPU time of this thread. */
  put({ cpuUs, delayMs }: BurdenRequest): void {
    this.#name = `burden;cpuUs=${cpuUs};delayMs=${delayMs}`
    this.#iterations = cpuUs === 0 ? 0 : Math.round(cpuUs * iterationsPerUs())
    this.#delayMs = delayMs
  }

  /** Bears it, then goes on. */
  bear(response: ServerResponse, goOn: () => void): void {
    if (this.#name === undefined) {
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

function iterationsPerUs(): number {
  spin(TRIAL_ITERATIONS)
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

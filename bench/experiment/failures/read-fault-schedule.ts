import { readFileSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import { Errors } from 'typebox/schema'
import { type FaultStep, usualForMs } from '#bench/chaos/scheduled-faults.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { fileProblem } from '#contract/file-problem.ts'
import { FAULT_NAMES } from '#contract/modes.ts'

const Time = Type.String({ pattern: '^\\d+(\\.\\d+)?(ms|s)$' })
const Steps = Type.Array(
  Type.Object(
    { fault: Type.Enum([...FAULT_NAMES]), at: Time, for: Type.Optional(Time) },
    { additionalProperties: false },
  ),
  { minItems: 1, maxItems: 20 },
)
const EXAMPLE = '[{"fault": "kill-node", "at": "2s", "for": "1.5s"}, {"fault": "pause-node", "at": "6s"}]'
/** Before the first fault, for what is steady to be seen. */
const FIRST_AT_MS = 1_000

/**
 * Reads several faults in a row from a JSON file: `fault`, `at` (from the start of the load), and `for` (as long as that
 * fault usually lasts unless given).
 * @throws StillinError (usage) naming the step and the member that is wrong.
 */
export function readFaultSchedule(path: string): readonly FaultStep[] {
  const refuse = (what: string): never => {
    throw new StillinError(`--schedule: ${path}: ${what}`, {
      exitCode: EXIT.usage,
      hint: `It looks like ${EXAMPLE}.`,
    })
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    return refuse(fileProblem(error))
  }
  const [, [flaw]] = Errors(Steps, parsed)
  if (flaw !== undefined) return refuse(`${flaw.instancePath || 'the whole'} ${flaw.message}`)
  const steps = (parsed as Static<typeof Steps>).map((step) => ({
    fault: step.fault,
    atMs: inMs(step.at),
    forMs: step.for === undefined ? usualForMs(step.fault) : inMs(step.for),
  }))
  steps.forEach(({ fault, atMs }, index) => {
    const before = steps[index - 1]
    const earliestMs = before === undefined ? FIRST_AT_MS : before.atMs + before.forMs
    if (atMs < earliestMs) refuse(`/${index}/at: ${fault} cannot strike before ${earliestMs} ms`)
  })
  return steps
}

function inMs(text: string): number {
  return text.endsWith('ms') ? Number(text.slice(0, -2)) : Number(text.slice(0, -1)) * 1000
}

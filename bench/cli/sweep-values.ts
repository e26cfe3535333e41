import { InvalidArgumentError } from 'commander'
import { PAYLOAD_MIN_BYTES } from '#bench/experiment/payload/payload.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { TOKEN_ALGORITHMS } from '#contract/keys.ts'
import { DATA_MAX_BYTES } from '#contract/login-data.ts'
import { SWEEP_VARIABLES, type SweepVariable } from '#contract/sweep.ts'

interface Range {
  least: number
  most: number
  whole: boolean
  /** Tried when none are named. */
  defaults: readonly number[]
}

const RANGES: Readonly<Record<Exclude<SweepVariable, 'jwt-alg'>, Range>> = {
  connections: { least: 2, most: 1000, whole: true, defaults: [4, 16, 64, 256] },
  nodes: { least: 1, most: 16, whole: true, defaults: [1, 2, 4] },
  payload: { least: 0, most: DATA_MAX_BYTES, whole: true, defaults: [0, 512, 1024, 2048] },
  sessions: { least: 0, most: 1_000_000, whole: true, defaults: [1_000, 100_000, 1_000_000] },
  rate: { least: 1, most: 100_000, whole: true, defaults: [100, 300, 1_000] },
  'redis-rtt': { least: 0, most: 1_000, whole: false, defaults: [0, 0.5, 1, 2] },
}

/** What `--values` may hold for a variable; its own defaults where there are none. @throws StillinError naming what is wrong. */
export function sweepValues(over: SweepVariable, text: string | undefined): readonly (number | string)[] {
  if (over === 'jwt-alg') return algorithms(text)
  const range = RANGES[over]
  if (text === undefined) return range.defaults
  const values = text.split(',').map((part) => value(over, part.trim(), range))
  if (values.some((one, index) => index > 0 && one <= (values[index - 1] ?? 0)))
    throw refuse(`--values must rise from one to the next, not ${text}`)
  return values
}

/** `--over payload` */
export function sweepVariable(text: string): SweepVariable {
  const found = SWEEP_VARIABLES.find((name) => name === text)
  if (!found) throw new InvalidArgumentError(`It must be one of ${SWEEP_VARIABLES.join(', ')}.`)
  return found
}

function value(over: SweepVariable, text: string, { least, most, whole }: Range): number {
  const number = Number(text)
  const isWritten = (whole ? /^\d{1,7}$/ : /^\d{1,4}(\.\d{1,3})?$/).test(text)
  const isJson = over !== 'payload' || number === 0 || number >= PAYLOAD_MIN_BYTES
  if (isWritten && isJson && number >= least && number <= most) return number
  const kind = whole ? 'whole numbers' : 'numbers'
  const gap = over === 'payload' ? `, 0 or at least ${PAYLOAD_MIN_BYTES}` : ''
  throw refuse(
    `--values for ${over} must be ${kind} from ${least} to ${most}${gap}, not ${JSON.stringify(text)}`,
  )
}

function algorithms(text: string | undefined): readonly string[] {
  const names = text?.split(',').map((part) => part.trim()) ?? [...TOKEN_ALGORITHMS]
  const wrong = names.find((name) => !(TOKEN_ALGORITHMS as readonly string[]).includes(name))
  if (wrong !== undefined)
    throw refuse(
      `--values for jwt-alg must be some of ${TOKEN_ALGORITHMS.join(', ')}, not ${JSON.stringify(wrong)}`,
    )
  if (new Set(names).size < names.length) throw refuse(`--values names one algorithm twice: ${text}`)
  return names
}

function refuse(message: string): StillinError {
  return new StillinError(message, { exitCode: EXIT.usage })
}

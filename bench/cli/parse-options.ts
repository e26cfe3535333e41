import { InvalidArgumentError } from 'commander'
import { type TSchema, Type } from 'typebox'
import { MIXED_OPERATIONS, type Mix } from '#contract/mix.ts'
import { MODE_NAMES, type ModeName } from '#contract/modes.ts'
import type { StormSize } from '#contract/result.ts'
import { checkText } from './check-value.ts'
import { closestWord } from './closest-word.ts'
import { type SettingName, type Settings, SettingsSchema } from './settings.ts'

/** A migration longer than this is two. */
const MOST_STEPS = 12

/** Turns the text of a flag into its value; commander names the flag in the error. */
export interface OptionParser<Value> {
  (text: string): Value
  /** All that it takes, where these are few: what a shell completes. */
  readonly choices?: readonly string[]
  /** The flag may be given several times. */
  readonly isRepeatable?: true
}

/** A flag for one of the settings. */
export function setting<Name extends SettingName>(name: Name): OptionParser<NonNullable<Settings[Name]>> {
  return parserOf(SettingsSchema.properties[name])
}

/** `--rounds 8` */
export function wholeNumber(minimum: number, maximum: number): OptionParser<number> {
  return parserOf(Type.Integer({ minimum, maximum }))
}

/** `--delay 0.5` */
export function numberBetween(minimum: number, maximum: number): OptionParser<number> {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (value >= minimum && value <= maximum) return value
    throw new InvalidArgumentError(`It must be a number from ${minimum} to ${maximum}.`)
  }
}

/** `--at 5s`, `--for 800ms`: ms. */
export const duration: OptionParser<number> = (text) => {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text) ?? []
  const ms = Number(digits) * (unit === 's' ? 1000 : 1)
  if (!(ms >= 100 && ms <= 600_000)) {
    throw new InvalidArgumentError('It must be a time from 100ms to 600s, such as 800ms or 2.5s.')
  }
  return ms
}

/** `--p99 20ms`, `--max-logout-lag 1s`: ms. */
export const time: OptionParser<number> = (text) => {
  const [, digits, unit] = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|min)$/.exec(text) ?? []
  const factor = { ms: 1, s: 1_000, min: 60_000 }[unit ?? '']
  if (factor === undefined) throw new InvalidArgumentError('It must be a time such as 20ms, 1s or 5min.')
  return Number(digits) * factor
}

/** `--lookups 5000/s`, or `5000`. */
export const perSecond: OptionParser<number> = (text) => {
  const [, digits] = /^(\d{1,9})(?:\/s)?$/.exec(text) ?? []
  if (!(Number(digits) > 0)) throw new InvalidArgumentError('It must be a rate such as 5000/s.')
  return Number(digits)
}

/** `--project 50000/16`: users on cores. */
export const stormSize: OptionParser<StormSize> = (text) => {
  const [, users, cores] = /^([1-9]\d{0,8})\/([1-9]\d{0,4})$/.exec(text) ?? []
  if (users === undefined) throw new InvalidArgumentError('It must be users/cores, such as 50000/16.')
  return { users: Number(users), cores: Number(cores) }
}

/** `--via proxy` */
export function oneOf<const Name extends string>(names: readonly Name[]): OptionParser<Name> {
  return parserOf(Type.Enum([...names]))
}

/** `--modes local,redis`, each once, in the order given. */
export function listOf<Item>(parse: OptionParser<Item>): OptionParser<Item[]> {
  return (text) => {
    const items = text.split(',').map((item) => item.trim())
    const twice = items.find((item, index) => items.indexOf(item) !== index)
    if (twice !== undefined) throw new InvalidArgumentError(`It names ${twice} twice.`)
    return items.map(parse)
  }
}

/** `--modes local,redis`, or `all`. */
export const modeList: OptionParser<readonly ModeName[]> = Object.assign(
  (text: string) => (text === 'all' ? MODE_NAMES : listOf(oneOf(MODE_NAMES))(text)),
  { choices: ['all', ...MODE_NAMES] },
)

/** `--migrate local,sticky,redis`: at least two modes, each another than the one before it. */
export const steps: OptionParser<readonly ModeName[]> = Object.assign(
  (text: string) => {
    const modes = text.split(',').map((name) => oneOf(MODE_NAMES)(name.trim()))
    if (modes.length < 2) throw new InvalidArgumentError('It names at least two modes, such as sticky,redis.')
    if (modes.length > MOST_STEPS) throw new InvalidArgumentError(`It names at most ${MOST_STEPS} modes.`)
    const twice = modes.find((mode, at) => modes[at + 1] === mode)
    if (twice !== undefined) throw new InvalidArgumentError(`${twice} to ${twice} is no step.`)
    return modes
  },
  { choices: MODE_NAMES },
)

/** A flag that may be given several times: the values in order. */
export function repeated<Item>(parse: OptionParser<Item>) {
  return Object.assign(
    (text: string, before: readonly Item[] | undefined): Item[] => [...(before ?? []), parse(text)],
    { isRepeatable: true as const },
  )
}

/** `--mix lookup=94,write=4,refresh=1,login=1` */
export const mix: OptionParser<Mix> = (text) => {
  const pairs = text.split(',').map((part): [string, number] => {
    const [, name = '', weight] = /^([a-z]+)=(\d{1,6}(?:\.\d{1,6})?)$/.exec(part.trim()) ?? []
    if (!(MIXED_OPERATIONS as readonly string[]).includes(name) || weight === undefined)
      throw new InvalidArgumentError(
        `It must be like lookup=94,write=4,refresh=1,login=1, of ${MIXED_OPERATIONS.join(', ')}; not ${JSON.stringify(part)}.`,
      )
    return [name, Number(weight)]
  })
  const weights = Object.fromEntries(pairs)
  if (pairs.length !== Object.keys(weights).length)
    throw new InvalidArgumentError('It names one thing twice.')
  if (!(weights['lookup'] ?? 0)) throw new InvalidArgumentError('It needs lookups.')
  return weights
}

/** `--redis-rtt 0.5` */
export const milliseconds: OptionParser<number> = (text) => {
  if (!/^\d{1,4}(\.\d{1,3})?$/.test(text) || Number(text) > 1_000)
    throw new InvalidArgumentError('It must be a number from 0 to 1000.')
  return Number(text)
}

function parserOf<Value>(schema: TSchema): OptionParser<Value> {
  const choices = (schema as { enum?: readonly unknown[] }).enum?.map(String)
  const parse = (text: string): Value => {
    const checked = checkText(schema, text)
    if ('must' in checked) throw new InvalidArgumentError(`${stray(text, choices)}It ${checked.must}.`)
    return checked.value as Value
  }
  return choices === undefined ? parse : Object.assign(parse, { choices })
}

/** Which of several names is none, and what was perhaps meant. */
function stray(text: string, choices: readonly string[] | undefined): string {
  if (choices === undefined) return ''
  if (text === '') return 'A name is missing. '
  const meant = closestWord(text, choices)
  return meant === undefined ? `There is no ${text}. ` : `There is no ${text}; did you mean ${meant}? `
}

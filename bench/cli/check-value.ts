import type { TSchema } from 'typebox'
import { Check } from 'typebox/schema'

/** A value that fits, or what it should have been: `must be a whole number from 1 to 16`. */
export type Checked = { readonly value: unknown } | { readonly must: string }

/** Checks a value as a configuration file holds it. */
export function checkValue(schema: TSchema, value: unknown): Checked {
  return Check(schema, value) ? { value } : { must: demand(schema) }
}

/** Checks a value as a flag or a variable holds it: as text. */
export function checkText(schema: TSchema, text: string): Checked {
  if (shape(schema).type === 'boolean') return checkValue(schema, { 1: true, 0: false }[text] ?? text)
  if (shape(schema).type !== 'integer') return checkValue(schema, text)
  // Number() would also take '', ' 3' and '0x10'.
  return checkValue(schema, /^-?\d{1,15}$/.test(text) ? Number(text) : text)
}

interface Shape {
  type?: string
  enum?: readonly unknown[]
  minimum?: number
  maximum?: number
}

function shape(schema: TSchema): Shape {
  return schema as Shape
}

function demand(schema: TSchema): string {
  const { type, enum: names, minimum, maximum } = shape(schema)
  if (names !== undefined) return `must be one of ${names.join(', ')}`
  if (type === 'integer') return `must be a whole number from ${minimum} to ${maximum}`
  if (type === 'boolean') return 'must be 1 or 0 (in a file: true or false)'
  return 'must be some text'
}

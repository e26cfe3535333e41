import { expect } from 'vitest'
import type { ReadRequest } from '../two-parses.ts'

/** The field's values as they went upstream, joined by `|`; undefined: it must not be there. */
export const field =
  (name: string, value: string | undefined) =>
  (request: ReadRequest): void =>
    expect(request.headers.get(name)?.join('|')).toBe(value)

/** This body, framed by its length and nothing else. */
export const body =
  (text: string) =>
  (request: ReadRequest): void => {
    expect(request.body).toBe(text)
    expect(request.headers.get('content-length')).toEqual([String(text.length)])
    expect(request.headers.has('transfer-encoding')).toBe(false)
  }

/** This request line. */
export const line =
  (text: string) =>
  (request: ReadRequest): void =>
    expect(request.line).toBe(text)

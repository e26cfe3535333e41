/**
 * The text at one place of a parsed JSON body: `id`, `user.id`, or a JSON pointer (RFC 6901) such as `/user/id`, by which
 * a number is read as its digits. Undefined where there is none, or no place is named.
 */
export function textAt(body: unknown, place: string | undefined): string | undefined {
  if (place === undefined) return undefined
  const isPointer = place.startsWith('/')
  const steps = isPointer ? place.slice(1).split('/').map(unescaped) : place.split('.')
  let value = body
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[step]
  }
  if (typeof value === 'string') return value
  return isPointer && typeof value === 'number' ? String(value) : undefined
}

function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}

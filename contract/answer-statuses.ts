/** What a lookup's HTTP status says of the credential that was presented. */
export interface AnswerStatuses {
  readonly in: readonly number[]
  readonly out: readonly number[]
}

/** What our own nodes answer. */
export const OWN_STATUSES: AnswerStatuses = { in: [200], out: [401] }

/** Undefined: neither; nothing can be said. */
export function meaningOf(
  status: number,
  { in: accepted, out }: AnswerStatuses = OWN_STATUSES,
): 'in' | 'out' | undefined {
  if (accepted.includes(status)) return 'in'
  return out.includes(status) ? 'out' : undefined
}

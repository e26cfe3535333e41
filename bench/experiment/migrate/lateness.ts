import type { Seen } from './asking-people.ts'

/** How late each question was sent, ms. Whoever was still busy with another one, or with logging in, is not late. */
export function lateness({ asked, tries }: Seen): number[] {
  const ends = Map.groupBy([...asked, ...tries], ({ user }) => user)
  return asked.flatMap(({ user, dueUs, sentUs }) => {
    const wasBusy = (ends.get(user) ?? []).some(({ doneUs }) => doneUs > dueUs && doneUs <= sentUs)
    return wasBusy ? [] : [(sentUs - dueUs) / 1000]
  })
}

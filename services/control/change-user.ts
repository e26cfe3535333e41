import type { UserChangeReport } from '#contract/control.ts'
import type { ClusterView } from './cluster-view.ts'
import type { PartClient, UserChange } from './part-client.ts'
import type { ActError } from './supervisor-link.ts'

const NOT_FOUND = 404

/**
 * Tells every node that runs: each may hold logins of the user in its memory, and a directory of its own. A node that is
 * not there holds nothing any more; one that does not answer is named, and asking again is harmless.
 */
export async function changeUserEverywhere(
  view: ClusterView,
  client: PartClient,
  userId: string,
  change: UserChange,
): Promise<UserChangeReport | ActError> {
  const nodes = view.running('node')
  if (nodes.length === 0) return { status: 409, message: 'no node is running that could do it' }
  const answers = await Promise.all(nodes.map((node) => client.changeUser(node, userId, change)))
  const problems = answers.flatMap((answer) => ('part' in answer ? [answer] : []))
  if (problems.length === answers.length && problems.every(({ status }) => status === NOT_FOUND))
    return { status: NOT_FOUND, message: `no node knows the user ${JSON.stringify(userId)}` }
  const [done] = answers.flatMap((answer) => ('part' in answer ? [] : [answer]))
  return {
    ...(problems.length === 0 ? {} : { error: 'not_everywhere' }),
    nodes: nodes.map(({ id }) => {
      const problem = problems.find(({ part }) => part === id)
      return problem === undefined ? { id, done: true } : { id, done: false, message: problem.message }
    }),
    ...(done === undefined ? {} : { change: done }),
  }
}

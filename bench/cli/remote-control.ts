import { openRemote } from '#cluster/remote/open-remote.ts'
import type { RemoteCluster } from '#cluster/remote/remote-cluster.ts'
import type { PartState } from '#contract/control.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { ControlConnection } from './control-connection.ts'

/**
 * The control of a cluster that runs already: what it cannot do itself, since it signals nobody, is done by whoever
 * runs the parts.
 * @param connect speaks to a control by its URL and token.
 */
export async function connectRemote(
  word: string,
  connect: (url: string, token: string) => ControlConnection,
): Promise<ControlConnection> {
  const cluster = await openRemote(word)
  const control = connect(cluster.control.url, cluster.control.token)
  const partsNow = async (): Promise<readonly PartState[]> =>
    mergeDrains(cluster, (await control.state()).parts)
  return {
    ...control,
    dashboard: `${cluster.control.url}/#token=${cluster.control.token}`,
    state: async () => ({ ...(await control.state()), canSignal: true, parts: await partsNow() }),
    async act(verb, part) {
      const isDraining = (await partsNow()).some(
        ({ id, condition }) => id === part && condition === 'draining',
      )
      if (verb === 'drain') await cluster.drain(part)
      else if (verb === 'resume' && isDraining) await cluster.endDrain(part)
      else await cluster[verb](part)
    },
    link: (from, to, request) => cluster.link(from, to, request),
    async shutdown() {
      throw new StillinError(`${cluster.name} is ended by who started it`, {
        exitCode: EXIT.usage,
        hint: 'In containers: docker-compose down',
      })
    },
  }
}

/** Who runs is known by whoever runs them; who is drained, by control alone. */
function mergeDrains(cluster: RemoteCluster, seen: readonly PartState[]): readonly PartState[] {
  const draining = new Set(seen.filter(({ condition }) => condition === 'draining').map(({ id }) => id))
  return cluster
    .state()
    .parts.map((part) =>
      draining.has(part.id) && part.condition === 'ready' ? { ...part, condition: 'draining' } : part,
    )
}

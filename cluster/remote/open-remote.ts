import { EXIT, StillinError } from '#contract/errors.ts'
import { openAttached } from '../attach/open-attached.ts'
import { openCompose } from '../compose/open-compose.ts'
import { attachCluster, type RemoteCluster } from './remote-cluster.ts'

/**
 * A cluster that runs already, by the word of `--cluster`: `compose`, `compose:PROJECT` or `attach:FILE`.
 * @throws StillinError where the word is none of these, or the cluster cannot be reached.
 */
export async function openRemote(word: string): Promise<RemoteCluster> {
  const at = word.indexOf(':')
  const [kind, rest] = at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
  if (kind === 'compose' && rest !== '') return attachCluster(await openCompose(rest))
  if (kind === 'attach' && rest !== undefined && rest !== '') return attachCluster(await openAttached(rest))
  throw new StillinError(
    `--cluster is compose, compose:PROJECT or attach:FILE, not ${JSON.stringify(word)}`,
    {
      exitCode: EXIT.usage,
    },
  )
}

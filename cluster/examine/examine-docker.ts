import type { MachineFinding } from '#contract/machine.ts'
import { findProgram } from '../find-program.ts'
import { runProgram } from '../redis/run-program.ts'
import { examineProgram } from './examine-program.ts'

const ANSWER_MS = 5_000
const COMPOSE_FOR = 'the cluster in containers: docker-compose up --build'

/** The client is not enough: without a daemon that answers, nothing runs. */
export async function examineDocker(path: string): Promise<MachineFinding> {
  const finding = await examineProgram(
    {
      name: 'Docker',
      package: 'docker',
      files: ['docker'],
      versionArgs: ['--version'],
      neededFor: 'containers, and a Redis where none can be had otherwise',
    },
    path,
  )
  const file = await findProgram('docker', path)
  if (finding.condition !== 'ready' || file === undefined) return finding
  try {
    await runProgram(file, ['info', '--format', '{{.ServerVersion}}'], { timeoutMs: ANSWER_MS })
    return finding
  } catch {
    const here = `${finding.here}, and its daemon does not answer`
    return { ...finding, condition: 'unusable', here, toGet: 'sudo systemctl start docker' }
  }
}

/** `docker-compose`, or the plugin of `docker`. */
export async function examineCompose(path: string): Promise<MachineFinding> {
  const alone = await examineProgram(
    {
      name: 'Compose',
      package: 'compose',
      files: ['docker-compose'],
      versionArgs: ['--version'],
      neededFor: COMPOSE_FOR,
    },
    path,
  )
  const docker = await findProgram('docker', path)
  if (alone.condition === 'ready' || docker === undefined) return alone
  try {
    const { stdout } = await runProgram(docker, ['compose', 'version', '--short'], { timeoutMs: ANSWER_MS })
    const here = `${stdout.trim()}, as docker compose`
    return { name: 'Compose', condition: 'ready', here, neededFor: COMPOSE_FOR, toGet: null }
  } catch {
    return alone
  }
}

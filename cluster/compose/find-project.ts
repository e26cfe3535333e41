import { EXIT, StillinError } from '#contract/errors.ts'
import { type Container, type Inspected, PART_FILTER, PROJECT_LABEL, toContainer } from './container.ts'
import type { Docker } from './docker.ts'

/** The project of that name, or the only one there is. @throws StillinError where there is none, or several. */
export async function findProject(docker: Docker, wanted: string | undefined): Promise<string> {
  const listed = await docker(
    'ps',
    '--all',
    '--filter',
    PART_FILTER,
    '--format',
    `{{.Label "${PROJECT_LABEL}"}}`,
  )
  const projects = [...new Set(listed.split('\n').filter((name) => name !== ''))].sort()
  if (wanted !== undefined && projects.includes(wanted)) return wanted
  const [only, another] = projects
  if (wanted === undefined && only !== undefined && another === undefined) return only
  const why =
    wanted === undefined && another !== undefined
      ? `several Compose projects run the lab: ${projects.join(', ')}`
      : `no Compose project${wanted === undefined ? '' : ` ${JSON.stringify(wanted)}`} runs the lab${projects.length > 0 ? `; there are ${projects.join(', ')}` : ''}`
  throw new StillinError(why, {
    exitCode: EXIT.unavailable,
    hint:
      another === undefined && only === undefined
        ? 'Start it with `docker-compose up --build -d`.'
        : 'Name one: --cluster compose:PROJECT.',
  })
}

/** Every part of a project, in the order of kinds and numbers. */
export async function listContainers(docker: Docker, project: string): Promise<readonly Container[]> {
  const filters = ['--filter', PART_FILTER, '--filter', `label=${PROJECT_LABEL}=${project}`]
  const ids = (await docker('ps', '--all', '--quiet', ...filters)).split('\n').filter((id) => id !== '')
  if (ids.length === 0) return []
  const inspected = JSON.parse(await docker('inspect', ...ids)) as Inspected[]
  return inspected
    .flatMap((one) => toContainer(one) ?? [])
    .sort((a, b) => a.service.localeCompare(b.service) || Number(a.number) - Number(b.number))
}

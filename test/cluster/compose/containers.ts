import type { Inspected } from '#cluster/compose/container.ts'
import type { Docker } from '#cluster/compose/docker.ts'

/** What `docker inspect` says of a part of project `shop`. */
export function inspected(
  service: string,
  number: number,
  more: { status?: string; address?: string; env?: string[]; project?: string; port?: string } = {},
): Inspected {
  const { status = 'running', address = '', env = [], project = 'shop', port } = more
  return {
    Id: `id-${service}-${number}`,
    Name: `/${project}_${service}_${number}`,
    State: { Status: status, Pid: status === 'running' || status === 'paused' ? 100 + number : 0 },
    Config: {
      Env: env,
      Labels: {
        'stillin.part': service,
        'com.docker.compose.project': project,
        'com.docker.compose.service': service,
        'com.docker.compose.container-number': String(number),
      },
    },
    NetworkSettings: {
      Networks: {
        [`${project}_front`]: { IPAddress: address },
        [`${project}_store`]: { IPAddress: address === '' ? '' : '10.9.0.2' },
      },
      Ports: port === undefined ? {} : { [`${port}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: '18080' }] },
    },
  }
}

/** A docker command that knows these containers and remembers what it was told. */
export function fakeDocker(containers: readonly Inspected[]): { docker: Docker; told: string[] } {
  const told: string[] = []
  const docker: Docker = async (...args) => {
    told.push(args.join(' '))
    if (args.includes('--format'))
      return containers.map(({ Config }) => Config.Labels['com.docker.compose.project']).join('\n')
    if (args[0] === 'ps') return containers.map(({ Id }) => Id).join('\n')
    if (args[0] === 'inspect') return JSON.stringify(containers)
    return ''
  }
  return { docker, told }
}

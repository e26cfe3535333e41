import { freePorts } from '#cluster/free-port.ts'
import { exists, type Ran, run, runWell } from './run.ts'

/** The project of docker-compose.yml under a name and on ports of its own. */
export interface Project extends AsyncDisposable {
  readonly name: string
  readonly url: string
  readonly haproxyUrl: string
  readonly prometheusUrl: string
  /** docker-compose, or `docker compose`. @throws where it fails */
  compose(...args: string[]): Promise<string>
  /** The stillin command on this project. */
  stillin(...args: string[]): Promise<Ran>
}

export async function openProject(): Promise<Project> {
  const name = `stillintest${process.pid}`
  const [port, admin, control, haproxy, prometheus, grafana] = await freePorts(6)
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    ...Object.fromEntries(Object.entries(process.env).filter(([key]) => key.startsWith('DOCKER_'))),
    // Where a build must share the host's network to reach the package registry.
    STILLIN_BUILD_NETWORK: process.env['STILLIN_BUILD_NETWORK'] ?? 'default',
    STILLIN_PORT: String(port),
    STILLIN_ADMIN_PORT: String(admin),
    STILLIN_CONTROL_PORT: String(control),
    STILLIN_HAPROXY_PORT: String(haproxy),
    PROMETHEUS_PORT: String(prometheus),
    GRAFANA_PORT: String(grafana),
    STILLIN_MODE: 'sticky',
    // A machine that is busy with other things must not look like a Redis that is away.
    STILLIN_REDIS_TIMEOUT_MS: '2000',
  }
  const [program, first] = (await exists('docker-compose')) ? ['docker-compose', []] : ['docker', ['compose']]
  const profiles = ['bench', 'k6', 'haproxy', 'observability'].flatMap((profile) => ['--profile', profile])
  const compose = (...args: string[]) =>
    runWell(program as string, [...(first as string[]), '--project-name', name, ...args], env)
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    haproxyUrl: `http://127.0.0.1:${haproxy}`,
    prometheusUrl: `http://127.0.0.1:${prometheus}`,
    compose,
    stillin: (...args) =>
      run(process.execPath, ['bin/stillin.mjs', ...args, '--cluster', `compose:${name}`], {
        PATH: env.PATH,
        HOME: env.HOME,
        NO_COLOR: '1',
      }),
    async [Symbol.asyncDispose]() {
      await compose(...profiles, 'down', '--volumes', '--timeout', '15')
    },
  }
}

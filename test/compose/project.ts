import { freePorts } from '#cluster/free-port.ts'
import { type Ran, run, runWell, tell } from './run.ts'

/** The project of docker-compose.yml under a name and on ports of its own. */
export interface Project extends AsyncDisposable {
  readonly name: string
  readonly url: string
  readonly haproxyUrl: string
  readonly prometheusUrl: string
  /** `docker compose`, or docker-compose. @throws where it fails */
  compose(...args: string[]): Promise<string>
  /** The same, the file reading these variables too. */
  composeWith(variables: Readonly<Record<string, string>>, ...args: string[]): Promise<string>
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
  const [program = '', ...first] = await composeProgram()
  tell((await run(program, [...first, 'version', '--short'])).out.trim())
  const profiles = ['bench', 'k6', 'haproxy', 'observability', 'postgres'].flatMap((profile) => [
    '--profile',
    profile,
  ])
  const composeWith = (variables: Readonly<Record<string, string>>, ...args: string[]) =>
    runWell(program, [...first, '--project-name', name, ...args], { ...env, ...variables })
  const compose = (...args: string[]) => composeWith({}, ...args)
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    haproxyUrl: `http://127.0.0.1:${haproxy}`,
    prometheusUrl: `http://127.0.0.1:${prometheus}`,
    compose,
    composeWith,
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

/** What STILLIN_COMPOSE names (`docker compose`, `docker-compose`); else v2 where the docker command has it, else 1.29. */
async function composeProgram(): Promise<readonly string[]> {
  const named = process.env['STILLIN_COMPOSE']
  if (named !== undefined) return named.split(' ')
  const { code, out } = await run('docker', ['compose', 'version'])
  return code === 0 && out.includes('Compose') ? ['docker', 'compose'] : ['docker-compose']
}

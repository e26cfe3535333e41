import { findProgram } from './find-program.ts'

/** Package managers, each with the command before a package's name; the first that is installed is this system's. */
const MANAGERS = {
  brew: 'brew install',
  'apt-get': 'sudo apt-get install',
  dnf: 'sudo dnf install',
  pacman: 'sudo pacman -S',
  apk: 'sudo apk add',
  zypper: 'sudo zypper install',
} as const

type Manager = keyof typeof MANAGERS
type Names = Readonly<Record<Manager, string | undefined>>

/** What each system calls it; undefined: that system does not package it. */
const PACKAGES = {
  redis: {
    brew: 'redis',
    'apt-get': 'redis-server',
    dnf: 'valkey',
    pacman: 'valkey',
    apk: 'redis',
    zypper: 'redis',
  },
  docker: {
    brew: '--cask docker',
    'apt-get': 'docker.io',
    dnf: 'moby-engine',
    pacman: 'docker',
    apk: 'docker',
    zypper: 'docker',
  },
  compose: {
    brew: 'docker-compose',
    'apt-get': 'docker-compose',
    dnf: 'docker-compose',
    pacman: 'docker-compose',
    apk: 'docker-cli-compose',
    zypper: 'docker-compose',
  },
  k6: {
    brew: 'k6',
    'apt-get': undefined,
    dnf: undefined,
    pacman: undefined,
    apk: undefined,
    zypper: undefined,
  },
  chromium: {
    brew: '--cask chromium',
    'apt-get': 'chromium',
    dnf: 'chromium',
    pacman: 'chromium',
    apk: 'chromium',
    zypper: 'chromium',
  },
  haproxy: same('haproxy'),
  nginx: same('nginx'),
  memcached: same('memcached'),
  postgres: {
    brew: 'postgresql',
    'apt-get': 'postgresql',
    dnf: 'postgresql-server',
    pacman: 'postgresql',
    apk: 'postgresql',
    zypper: 'postgresql-server',
  },
  perf: {
    brew: undefined,
    'apt-get': 'linux-perf',
    dnf: 'perf',
    pacman: 'perf',
    apk: 'perf',
    zypper: 'perf',
  },
} as const satisfies Record<string, Names>

export type Installable = keyof typeof PACKAGES

/** The one command that brings it on this system; undefined where there is none. @param path as in $PATH. */
export async function installCommand(what: Installable, path: string): Promise<string | undefined> {
  for (const [manager, command] of Object.entries(MANAGERS)) {
    if ((await findProgram(manager, path)) === undefined) continue
    const name = PACKAGES[what][manager as Manager]
    return name === undefined ? undefined : `${command} ${name}`
  }
  return undefined
}

function same(name: string): Names {
  return { brew: name, 'apt-get': name, dnf: name, pacman: name, apk: name, zypper: name }
}

import { findProgram } from '../find-program.ts'

/** Package managers, each with the one command that brings a Redis; the first that is installed is this system's. */
const COMMANDS: readonly (readonly [program: string, command: string])[] = [
  ['brew', 'brew install redis'],
  ['apt-get', 'sudo apt-get install redis-server'],
  ['dnf', 'sudo dnf install valkey'],
  ['pacman', 'sudo pacman -S valkey'],
  ['apk', 'sudo apk add redis'],
  ['zypper', 'sudo zypper install redis'],
]

/** What to do on a system where no Redis was found. @param path directories as in $PATH. */
export async function installHint(path: string): Promise<string> {
  for (const [program, command] of COMMANDS) {
    if ((await findProgram(program, path)) !== undefined) return `Run \`${command}\`.`
  }
  return 'Install Redis or Valkey so that redis-server is on the PATH, or set REDIS_URL.'
}

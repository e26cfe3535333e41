import { installCommand } from '../install-command.ts'

/** What to do on a system where no Redis was found. @param path directories as in $PATH. */
export async function installHint(path: string): Promise<string> {
  const command = await installCommand('redis', path)
  if (command !== undefined) return `Run \`${command}\`.`
  return 'Install Redis or Valkey so that redis-server is on the PATH, or set REDIS_URL.'
}

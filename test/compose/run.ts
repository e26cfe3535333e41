import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs a program in the project's folder to its end. */
export async function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Ran> {
  const child = spawn(program, [...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ran = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    ran.out += String(chunk)
  })
  child.stderr.on('data', (chunk: Buffer) => {
    ran.err += String(chunk)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...ran }
}

/** As `run`; throws with what it printed where it fails. */
export async function runWell(...args: Parameters<typeof run>): Promise<string> {
  const { code, out, err } = await run(...args)
  if (code === 0) return out
  throw new Error(`${args[0]} ${args[1].join(' ')} ended with ${code}:\n${out}${err}`.slice(-4_000))
}

/** Is there such a program? */
export async function exists(program: string): Promise<boolean> {
  return (await run('sh', ['-c', `command -v "${program}"`])).code === 0
}

/** What a reader of the transcript wants to know. */
export function tell(text: string): void {
  process.stdout.write(`\n  ${text}\n`)
}

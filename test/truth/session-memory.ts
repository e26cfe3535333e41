/**
 * What a live session weighs: each of its own user, without data, at 10⁴, 10⁵ and 10⁶ of them, in a node's memory
 * and in each central store.
 *
 *   npx node test/truth/session-memory.ts [subject …]
 *
 * MEMCACHED_URL and STILLIN_POSTGRES_URL name stores that are to be filled (and are left full). Not part of `npm test`:
 * it takes minutes and gigabytes. A subject that takes longer than its time ends with what it has.
 */
import { execFile } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { promisify } from 'node:util'

interface Reading {
  sessions: number
  bytes: number
  unit: string
}

/** What is measured, each in a process of its own, so that nobody's garbage is counted with another's. */
const SUBJECTS = [
  'local',
  'replicated',
  'redis',
  'redis-cached',
  'jwt-denylist',
  'jwt-pushed',
  'file',
  'sqlite',
  'memcached',
  'postgres',
]
const run = promisify(execFile)
const script = new URL('./fill-sessions.ts', import.meta.url).pathname
const asked = process.argv.slice(2)
const { bsize } = statfsSync('/tmp')
console.log(`Node ${process.version}; blocks of the file system: ${bsize} B`)

for (const subject of asked.length > 0 ? asked : SUBJECTS) {
  const args = ['--expose-gc', '--max-old-space-size=12000', script, subject]
  const { stdout } = await run(process.execPath, args, { maxBuffer: 1e7 })
  const readings = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Reading)
  const notes = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('{'))
  const words = readings.map(
    ({ sessions, bytes, unit }) => `${sessions.toExponential(0)}: ${Math.round(bytes / sessions)} ${unit}`,
  )
  console.log([`${subject.padEnd(14)}${words.join('   ')}`, ...notes].join('\n  '))
}

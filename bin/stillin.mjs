#!/usr/bin/env node
// Checks the runtime, then hands over to bench/cli. Plain JavaScript: it must run on the Node that is outside.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const entry = existsSync(join(root, 'bench/cli/main.ts')) ? 'bench/cli/main.ts' : 'dist/bench/cli/main.js'
const major = Number(process.versions.node.split('.')[0])

if (major >= 24) {
  // Compiled code is kept, so that the second call starts faster. A folder that cannot be written does no harm.
  module.enableCompileCache(join(root, '.cache', 'compile'))
  await import(join(root, entry))
} else {
  const pinned = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(pinned)) {
    console.error(`stillin needs Node 24 and this is ${process.version}.`)
    console.error('In the clone, run `npm ci`: it brings Node 24 along. Elsewhere install Node 24 or later.')
    process.exit(4)
  }
  const child = spawn(pinned, [join(root, entry), ...process.argv.slice(2)], { stdio: 'inherit' })
  // Ctrl-C reaches the child by the terminal; a signal sent to this process alone is passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 1)
  })
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The start command of the test's file: returns when the node listens, and leaves it running. */
const child = spawn(
  process.execPath,
  [fileURLToPath(new URL('shop-node.ts', import.meta.url)), ...process.argv.slice(2)],
  { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
)
await once(child, 'message')
child.unref()

import { enableCompileCache } from 'node:module'

// Before anything else is loaded, so that everything else is cached.
enableCompileCache()
const { run } = await import('./run.ts')
await run(process.env)

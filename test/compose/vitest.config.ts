import { defineConfig } from 'vitest/config'

/** Against a real Docker engine: `npm run test:compose`, apart from `npm test`. In the order of the file, on one project. */
export default defineConfig({
  test: {
    include: ['test/compose/**/*.test.ts'],
    globalSetup: ['test/compose/demand-engine.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 600_000,
    teardownTimeout: 120_000,
  },
})

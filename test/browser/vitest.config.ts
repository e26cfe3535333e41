import { defineConfig } from 'vitest/config'

/** Against a real cluster and a real browser: `npm run test:browser`, apart from `npm test`. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    pool: 'forks',
    // Most of the time is spent waiting for the page's next look at the cluster.
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 90_000,
    teardownTimeout: 10_000,
    expect: { poll: { timeout: 10_000 } },
  },
})

import { MODE_NAMES } from '#contract/modes.ts'

/** Every mode but the stock library's, which breaks these promises by its defaults: redis-stock.test.ts shows how. */
export const OUR_MODES = MODE_NAMES.filter((name) => name !== 'redis-stock')

import type { Outcome } from '#contract/outcomes.ts'

/**
 * Colours are CSS variables, so that one picture serves light and dark; the value after the comma is what a picture
 * without the page's style sheet shows. Hues after Okabe and Ito, told apart with any kind of colour vision.
 */
export const INK = 'var(--ink, #1c2024)'
export const INK_SOFT = 'var(--ink-soft, #5b636b)'
export const GRID = 'var(--grid, #e1e4e8)'
export const BAND = 'var(--band, #d5d9de)'
export const PAPER = 'var(--paper, #ffffff)'
export const ACCENT = 'var(--blue, #0067a8)'
export const ALARM = 'var(--red, #b8420a)'

export const TIER_COLOURS = {
  proxy: { fill: 'var(--tier-proxy, #a9d3ee)', text: 'var(--on-proxy, #12344a)' },
  node: { fill: 'var(--tier-node, #0067a8)', text: 'var(--on-node, #ffffff)' },
  store: { fill: 'var(--tier-store, #e69f00)', text: 'var(--on-store, #2b1d00)' },
} as const

/**
 * A line of its own for each arm of `--modes all` and the baseline. No two look alike: where a colour comes a second
 * time, it comes with another dash and a hollow symbol.
 */
export const ARM_LINES = [
  { colour: 'var(--ink-soft, #5b636b)', dash: [2, 3], symbol: 'none' },
  { colour: 'var(--orange, #b86e00)', dash: [8, 3], symbol: 'triangle' },
  { colour: 'var(--purple, #9b4f86)', dash: [8, 3, 2, 3], symbol: 'diamond' },
  { colour: 'var(--red, #b8420a)', dash: [1, 0], symbol: 'circle' },
  { colour: 'var(--green, #00795a)', dash: [4, 3], symbol: 'rect' },
  { colour: 'var(--blue, #0067a8)', dash: [1, 0], symbol: 'roundRect' },
  { colour: 'var(--blue, #0067a8)', dash: [2, 3], symbol: 'emptyTriangle' },
  { colour: 'var(--green, #00795a)', dash: [1, 0], symbol: 'emptyDiamond' },
  { colour: 'var(--orange, #b86e00)', dash: [1, 0], symbol: 'emptyCircle' },
  { colour: 'var(--red, #b8420a)', dash: [8, 3], symbol: 'emptyRect' },
  { colour: 'var(--ink-soft, #5b636b)', dash: [8, 3, 2, 3], symbol: 'emptyRoundRect' },
  { colour: 'var(--purple, #9b4f86)', dash: [4, 3], symbol: 'arrow' },
] as const

export const OUTCOME_COLOURS: Readonly<Record<Outcome, string>> = {
  ok: 'var(--out-ok, #8fc4e8)',
  refused_as_expected: 'var(--out-refused, #c9cfd6)',
  wrong_user: 'var(--purple, #9b4f86)',
  unexpected_401: 'var(--out-401, #e69f00)',
  stale_accept: 'var(--purple, #9b4f86)',
  '4xx': 'var(--out-4xx, #f0e442)',
  '503_store': 'var(--green, #00795a)',
  '502_proxy': 'var(--out-502, #d55e00)',
  '5xx': 'var(--out-5xx, #8c2d04)',
  connect_refused: 'var(--out-refusedconn, #6b4c9a)',
  reset: 'var(--out-reset, #4a1486)',
  aborted: 'var(--out-aborted, #cc79a7)',
  timeout: 'var(--out-timeout, #1c2024)',
  unsent: 'var(--out-unsent, #7f7f7f)',
}

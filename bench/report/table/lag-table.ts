import type { LagSpread, RevocationLag } from '#contract/lag.ts'
import { formatTime, NO_FIGURE, shortTime } from '../numbers.ts'
import { buildTable, type Cell, type ReportTable } from './report-table.ts'

/** A p99 wants as many, here as everywhere. */
const TAIL_SAMPLES = 1_000

/** How long what was revoked was still accepted, a row a mode and kind of revocation. */
export function lagTable(lags: readonly RevocationLag[]): ReportTable {
  const figure = (of: (lag: LagSpread) => number) => (lag: RevocationLag) => time(lag, of(lag.lag))
  return buildTable<RevocationLag>({
    title: 'From the acknowledgement to the last accept',
    items: lags,
    groups: [
      {
        head: '',
        columns: [
          { head: 'mode', unit: '', align: 'left', cell: ({ mode }) => ({ text: mode }) },
          { head: 'ended by', unit: '', align: 'left', cell: ({ kind }) => ({ text: kind }) },
          { head: 'n', unit: '', align: 'right', cell: countOf },
          { head: 'p50', unit: '', align: 'right', cell: figure(({ p50 }) => p50) },
          { head: 'p99', unit: '', align: 'right', cell: tail },
          { head: 'max', unit: '', align: 'right', cell: figure(({ max }) => max) },
          { head: 'max by node', unit: '', align: 'left', cell: byNode },
          { head: 'promised', unit: '', align: 'left', cell: promised },
          { head: 'gap p99', unit: '', align: 'right', cell: gap },
        ],
      },
    ],
    caption: [
      ...notAcknowledged(lags),
      'logout-all, password: asked for by another login of the same user, on another node wherever that can be.',
      'n: acknowledged revocations × nodes that had accepted the login until then, each node asked by itself until it had refused three times in a row. 0: it accepted no question that was sent after the acknowledgement.',
      'Gap: between two questions to one node. A lag shorter than that cannot be seen, and one that is seen may be longer by as much.',
      'Where the promise is expiry or chance, logins live for the seconds named (300 s by default). ! marks a promise that was not kept, + how many revocations were not refused everywhere when the watching ended.',
    ],
  })
}

function time({ lag, acknowledged, kept }: RevocationLag, ms: number): Cell {
  if (acknowledged === 0 || lag.count === 0) return { text: NO_FIGURE }
  return { text: shortTime(ms), ...(kept === false && { tone: 'bad' as const }) }
}

/** A tail of fewer is the worst one under another name, and that one stands beside it. */
function tail(lag: RevocationLag): Cell {
  return lag.lag.count < TAIL_SAMPLES ? { text: NO_FIGURE, absent: true } : time(lag, lag.lag.p99)
}

function byNode({ nodes, unfinished }: RevocationLag): Cell {
  const worst = nodes.map(({ lagsMs }) =>
    lagsMs.length === 0 ? NO_FIGURE : shortTime(Math.max(0, ...lagsMs)),
  )
  return { text: `${worst.join('/')}${unfinished > 0 ? ` +${unfinished}` : ''}` }
}

function countOf({ lag, acknowledged, asked }: RevocationLag): Cell {
  return { text: `${lag.count}${acknowledged < asked ? '*' : ''}` }
}

function promised({ promise, boundMs, lifetimeS, kept }: RevocationLag): Cell {
  const text = promiseWords(promise, boundMs, lifetimeS)
  return kept === false ? { text: `${text} !`, tone: 'bad' } : { text }
}

/** `* local, logout: 3 of 4 were not acknowledged`, for those where that was so. */
function notAcknowledged(lags: readonly RevocationLag[]): string[] {
  return lags
    .filter(({ acknowledged, asked }) => acknowledged < asked)
    .map(
      ({ mode, kind, acknowledged, asked }) =>
        `* ${mode}, ${kind}: ${asked - acknowledged} of ${asked} were not acknowledged, and are not timed.`,
    )
}

/** When a revocation takes hold, in words: `within 1000 ms`. */
export function promiseWords(
  promise: RevocationLag['promise'],
  boundMs: number | null,
  lifetimeS: number | string,
): string {
  if (promise === 'at-expiry') return `at expiry, ${lifetimeS} s`
  if (promise === 'by-chance' || promise === 'never') return `${promise.replace('-', ' ')}; ${lifetimeS} s`
  return boundMs === null || boundMs === 0 ? 'at once' : `within ${boundMs} ms`
}

function gap({ gap: { count, p99 } }: RevocationLag): Cell {
  return { text: count === 0 ? NO_FIGURE : formatTime(p99) }
}

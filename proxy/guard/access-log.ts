import { type DestinationStream, destination, pino } from 'pino'

/** One request, as the access log tells it. No header and no query: either may hold a credential. */
export interface AccessEntry {
  readonly requestId: string
  readonly peer: string
  readonly method: string
  /** Without its query. */
  readonly path: string
  /** 0: the client left before there was a status. */
  readonly status: number
  readonly upstream: string | undefined
  readonly tries: number
  readonly ms: number
}

/** `level`: a pino level. An entry is `info`, and `warn` where the answer was a 5xx. */
export interface AccessLogOptions {
  readonly level: string
  /** Where the lines go; standard output unless given. */
  readonly to?: DestinationStream
}

const HELD_BYTES = 8_192
const MAX_HELD_BYTES = 4_194_304
const FLUSH_MS = 100

/** Lines of JSON by pino, one a request. */
export class AccessLog {
  readonly #log: ReturnType<typeof pino>
  readonly #to: DestinationStream & { flushSync?(): void }

  constructor({ level, to = standardOutput() }: AccessLogOptions) {
    this.#to = to
    this.#log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, to)
  }

  add(entry: AccessEntry): void {
    if (entry.status >= 500) this.#log.warn(entry)
    else this.#log.info(entry)
  }

  /** Writes what is held; a reader that has left is nobody's concern any more. */
  flush(): void {
    try {
      this.#to.flushSync?.()
    } catch {
      // EPIPE.
    }
  }
}

/**
 * Standard output in batches, so that no request waits for whoever reads it. Where the reader stops, what is above
 * 4 MiB is dropped and not held.
 */
function standardOutput(): DestinationStream {
  const out = destination({
    dest: 1,
    sync: false,
    minLength: HELD_BYTES,
    maxLength: MAX_HELD_BYTES,
    periodicFlush: FLUSH_MS,
  })
  // A reader that has left (EPIPE) ends the log and not the proxy.
  out.on('error', () => {})
  return out
}

/** Every limit and time of the proxy in one place. Tests pass shorter ones; nothing else changes them. */
export interface ProxySettings {
  client: {
    /** A whole head must have come within this. */
    headersTimeoutMs: number
    /** A whole request, body included. */
    requestTimeoutMs: number
    keepAliveMs: number
    /** How often the two timeouts above are looked at. */
    checkEveryMs: number
    maxHeadBytes: number
    maxHeaderLines: number
    maxBodyBytes: number
    /** Bytes of request bodies held at once, over all clients. */
    maxHeldBytes: number
    /** Requests of one connection that wait for the one before them. */
    maxPipelined: number
    maxConnections: number
    /** How long a connection is read from and thrown away after a refusal, so that the answer is not lost to a reset. */
    lingerMs: number
  }
  upstream: {
    connectTimeoutMs: number
    headersTimeoutMs: number
    /** Longest silence within a body. */
    idleBodyMs: number
    /** Idle connections are closed before the node would (its keep-alive is 5 s or more). */
    poolIdleMs: number
    maxHeadBytes: number
  }
  /** A WebSocket without a byte for so long is closed. */
  tunnelIdleMs: number
  /** Requests (and WebSockets) being worked on at once; beyond it the answer is 503. */
  maxInFlight: number
  /** How often deadlines are looked at; the precision of every upstream timeout. */
  sweepEveryMs: number
  checks: {
    path: string
    everyMs: number
    /** Between checks of an upstream that has not been up yet. */
    startEveryMs: number
    /** Between checks of an upstream whose state is about to change: it has just failed, or just passed again. */
    transitionEveryMs: number
    jitter: number
    timeoutMs: number
    downAfter: number
    upAfter: number
  }
  /** How often names of upstreams are resolved again. */
  resolveEveryMs: number
  passive: { failuresInARow: number; ejectMs: number; maxEjectMs: number }
  retry: {
    /** Tries of one request, all told; of these at most two may reach an upstream. */
    maxTries: number
    minDelayMs: number
    maxDelayMs: number
    budgetShare: number
    budgetMinimum: number
    windowS: number
  }
  modeHold: { maxMs: number; maxRequests: number }
  /** How long a draining upstream keeps its pins. */
  drainPinsMs: number
  slowStart: { overMs: number; fromShare: number }
  /** How long SIGTERM waits for requests in flight. */
  shutdownMs: number
}

export const DEFAULT_SETTINGS: ProxySettings = {
  client: {
    headersTimeoutMs: 10_000,
    requestTimeoutMs: 30_000,
    keepAliveMs: 65_000,
    checkEveryMs: 1_000,
    maxHeadBytes: 16_384,
    maxHeaderLines: 100,
    maxBodyBytes: 1_048_576,
    maxHeldBytes: 67_108_864,
    maxPipelined: 16,
    maxConnections: 20_000,
    lingerMs: 1_000,
  },
  upstream: {
    connectTimeoutMs: 1_000,
    headersTimeoutMs: 15_000,
    idleBodyMs: 60_000,
    poolIdleMs: 4_000,
    maxHeadBytes: 16_384,
  },
  tunnelIdleMs: 3_600_000,
  maxInFlight: 10_000,
  sweepEveryMs: 100,
  checks: {
    path: '/livez',
    everyMs: 1_000,
    startEveryMs: 100,
    transitionEveryMs: 250,
    jitter: 0.1,
    timeoutMs: 500,
    downAfter: 3,
    upAfter: 2,
  },
  resolveEveryMs: 5_000,
  passive: { failuresInARow: 3, ejectMs: 5_000, maxEjectMs: 60_000 },
  retry: { maxTries: 4, minDelayMs: 25, maxDelayMs: 250, budgetShare: 0.2, budgetMinimum: 3, windowS: 10 },
  modeHold: { maxMs: 1_000, maxRequests: 10_000 },
  drainPinsMs: 30_000,
  slowStart: { overMs: 10_000, fromShare: 0.1 },
  shutdownMs: 10_000,
}

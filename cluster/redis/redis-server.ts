/** Where the Redis in use comes from. */
export type RedisOrigin = 'REDIS_URL' | 'path' | 'cache' | 'debian' | 'docker'

/** A real Redis (or Valkey) that answered a PING. Disposing ends it, unless it is somebody else's (`REDIS_URL`). */
export interface RedisServer extends AsyncDisposable {
  readonly url: string
  /** Absent where the process is not ours or runs in a container. */
  readonly pid?: number | undefined
  /** As it says itself, e.g. `7.0.15`. */
  readonly version: string
  readonly origin: RedisOrigin
  /** One line for people: what it is and where it comes from. */
  readonly description: string
  /** Resolves with what happened when it ended without being disposed; never for a Redis that is not ours. */
  readonly ended?: Promise<string>
  /** Absent where the process is not ours. */
  readonly controls?: RedisControls
}

/** What can be done to a Redis of our own. Started again it has the same port and the same folder. */
export interface RedisControls {
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
  /** Resolves when it accepts connections and has read what it kept. */
  start(): Promise<void>
  /** SIGSTOP: its connections stay open and it says nothing. */
  pause(): void
  /** SIGCONT. */
  resume(): void
}

/** `aof`: an append-only file in a temporary folder, so that a restarted Redis has its data; fsync every second. */
export type RedisPersistence = 'none' | 'aof'

/** What every finder is told. */
export interface RedisRequest {
  readonly persistence: RedisPersistence
  /** A Redis that somebody named. */
  readonly redisUrl: string | undefined
  /** Directories in which programs are looked up, as in $PATH. */
  readonly path: string
  /** Folder in which a fetched Redis is kept. */
  readonly cacheFolder: string
  readonly signal: AbortSignal | undefined
  /** Says what takes long. */
  readonly note: (text: string) => void
}

/** Why a finder has none, as a phrase: `no redis-server or valkey-server on the PATH`. */
export interface Missing {
  readonly missing: string
}

/** One way to get a Redis: the server, ready, or why not. Throws only for what the person must put right. */
export type RedisFinder = (request: RedisRequest) => Promise<RedisServer | Missing>

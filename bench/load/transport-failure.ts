/** A request that brought no whole answer, by what the client saw. */
export type TransportFailure = 'connect_refused' | 'reset' | 'aborted' | 'timeout' | 'unsent'

const BY_CODE: Readonly<Record<string, TransportFailure>> = {
  ECONNREFUSED: 'connect_refused',
  EHOSTUNREACH: 'connect_refused',
  ENETUNREACH: 'connect_refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  // This machine's own limits (ports, descriptors): the request never left, and no server is to blame.
  EADDRNOTAVAIL: 'unsent',
  EADDRINUSE: 'unsent',
  EMFILE: 'unsent',
  ENFILE: 'unsent',
}

/** The code of an error, as `reason` of a sample; its name where it has none. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' ? code : error.name
}

/**
 * Tells apart a port nobody listens on, a connection torn down (RST), one closed in mid-answer (FIN, or an answer
 * that breaks HTTP), and silence.
 */
export function transportFailure(error: unknown): TransportFailure {
  if (error instanceof Error && error.name === 'TimeoutError') return 'timeout'
  return BY_CODE[errorCode(error)] ?? 'aborted'
}

import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { ClientConnection, closeGently, rawRefusal } from './client-connection.ts'
import { Exchange } from './exchange.ts'
import { createPeer } from './forwarding-headers.ts'
import type { GuardContext } from './guard-context.ts'
import { REFUSALS, type Refusal } from './refusal.ts'
import { refuse } from './refuse.ts'
import { readBody } from './request-body.ts'
import { checkHead } from './request-head.ts'
import { Tunnel } from './tunnel.ts'
import { isWebSocketHandshake } from './upgrade.ts'

const CONNECTION = Symbol('client connection')
interface GuardedSocket extends Socket {
  [CONNECTION]?: ClientConnection
}

/**
 * The public listener, not yet listening: everything between a client's bytes and an accepted request. Written once,
 * whatever forwards behind it.
 *
 *   bytes ─▶ Node's parser ─▶ one at a time per connection ─▶ head checked ─▶ body read ─▶ Exchange
 */
export function createGuard(context: GuardContext, isTrusted: (address: string) => boolean): Server {
  const { client } = context.settings
  const start = (request: IncomingMessage, response: ServerResponse, connection: ClientConnection): void =>
    startRequest(context, connection, request, response)
  const connectionOf = (socket: GuardedSocket): ClientConnection => {
    const known = socket[CONNECTION]
    if (known) return known
    const connection = new ClientConnection(
      createPeer(socket.remoteAddress, isTrusted),
      start,
      client.maxPipelined,
    )
    socket[CONNECTION] = connection
    return connection
  }
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const connection = connectionOf(request.socket)
    if (connection.accept(request, response)) return
    const answer = (): void => refuse(context, connection, request, response, REFUSALS.overloaded)
    connection.unreadable(REFUSALS.overloaded, answer)
  }
  const server = createServer(
    {
      maxHeaderSize: client.maxHeadBytes,
      headersTimeout: client.headersTimeoutMs,
      requestTimeout: client.requestTimeoutMs,
      keepAliveTimeout: client.keepAliveMs,
      connectionsCheckingInterval: client.checkEveryMs,
      // A missing Host is refused by the guard, with the body that every refusal has.
      requireHostHeader: false,
      optimizeEmptyRequests: true,
      insecureHTTPParser: false,
      noDelay: true,
      shouldUpgradeCallback: isWebSocketHandshake,
    } as Parameters<typeof createServer>[0],
    onRequest,
  )
  // Node would silently drop header lines beyond 1,000; the guard counts them itself.
  server.maxHeadersCount = 0
  server.maxConnections = client.maxConnections
  server.on('checkContinue', onRequest)
  server.on('checkExpectation', onRequest)
  server.on('upgrade', (request, socket: Socket, early: Buffer) =>
    startTunnel(context, connectionOf(socket), request, socket, early),
  )
  server.on('connect', (_request, socket: Socket) => {
    socket.on('error', () => socket.destroy())
    answerRaw(context, socket, REFUSALS.methodRefused)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'HPE_CLOSED_CONNECTION') return
    const refusal = refusalOf(error.code)
    if (!refusal || !socket.writable) {
      socket.destroy()
      return
    }
    connectionOf(socket).unreadable(refusal, () => answerRaw(context, socket, refusal))
  })
  return server
}

function startRequest(
  context: GuardContext,
  connection: ClientConnection,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const head = checkHead(request, connection.peer, context.rules)
  const full = context.inFlight.size + context.tunnels.size >= context.settings.maxInFlight
  if ('status' in head || full) {
    refuse(context, connection, request, response, 'status' in head ? head : REFUSALS.overloaded)
    connection.done()
    return
  }
  const exchange = new Exchange(context, connection, request, response, head)
  context.inFlight.add(exchange)
  context.budget.request()
  if (head.framing === 'none' || (head.framing === 'length' && head.length === 0)) {
    exchange.dispatch(undefined)
    return
  }
  if (head.expectsContinue) response.writeContinue()
  connection.bodyFailed = (refusal) => exchange.refuse(refusal)
  exchange.releaseBody = readBody(request, context.settings.client, context.counters, (body) => {
    connection.bodyFailed = undefined
    if (Buffer.isBuffer(body)) exchange.dispatch(body)
    else exchange.refuse(body)
  })
}

function startTunnel(
  context: GuardContext,
  connection: ClientConnection,
  request: IncomingMessage,
  socket: Socket,
  early: Buffer,
): void {
  socket.on('error', () => socket.destroy())
  // Behind a request that is not answered yet (or was refused) its bytes would get between.
  if (connection.isBusy) {
    socket.destroy()
    return
  }
  const full = context.inFlight.size + context.tunnels.size >= context.settings.maxInFlight
  const head = full ? REFUSALS.overloaded : checkHead(request, connection.peer, context.rules)
  if ('status' in head) {
    answerRaw(context, socket, head)
    return
  }
  context.budget.request()
  new Tunnel(context, socket, early, head).open()
}

/** What bytes that Node's parser refuses are answered with; undefined: nothing, the connection is gone. */
function refusalOf(code: string | undefined): Refusal | undefined {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return REFUSALS.headTooLarge
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return REFUSALS.bodyTooLarge
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return REFUSALS.requestTimeout
    case 'HPE_INVALID_VERSION':
      return REFUSALS.versionRefused
    case undefined:
      return undefined
    default:
      return code.startsWith('HPE_') ? REFUSALS.badRequest : undefined
  }
}

function answerRaw(context: GuardContext, socket: Socket, refusal: Refusal): void {
  context.counters.own += 1
  context.counters.answered(refusal.status, false)
  socket.write(rawRefusal(refusal, STATUS_CODES[refusal.status] ?? 'Refused'))
  closeGently(socket, context.settings.client.lingerMs)
}

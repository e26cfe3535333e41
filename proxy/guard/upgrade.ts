import type { IncomingMessage } from 'node:http'

/**
 * Is this a WebSocket handshake (RFC 6455, 4.1) that may become a tunnel? Every other wish to upgrade (h2c, anything
 * unknown, a handshake with a body) is served as if it had not been made.
 */
export function isWebSocketHandshake(request: IncomingMessage): boolean {
  const { headers } = request
  return (
    request.method === 'GET' &&
    request.httpVersionMajor === 1 &&
    request.httpVersionMinor === 1 &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['sec-websocket-key'] !== undefined &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    /(?:^|,)\s*upgrade\s*(?:,|$)/i.test(headers.connection ?? '')
  )
}

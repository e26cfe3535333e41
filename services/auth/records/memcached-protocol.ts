/** What is used of memcached's binary protocol; its numbers are the protocol's own. */
export const OPCODES = { get: 0x00, set: 0x01, add: 0x02, version: 0x0b } as const
export const STATUS = {
  ok: 0x00,
  absent: 0x01,
  exists: 0x02,
  tooLarge: 0x03,
  notStored: 0x05,
  full: 0x82,
} as const

const HEADER_BYTES = 24
const REQUEST_MAGIC = 0x80

export interface MemcachedRequest {
  readonly opcode: number
  /** Comes back with the answer. */
  readonly opaque: number
  readonly key?: string
  readonly value?: string
  /** Seconds from now. Given for a write. */
  readonly keepS?: number
  /** The state that is to be replaced, as an answer's header named it. */
  readonly cas?: Buffer
}

/**
 * A request with the field that memjs has no parameter for: which state of the item it is about (CAS). Answers are
 * read by memjs, which does hand that field out.
 */
export function encodeRequest({
  opcode,
  opaque,
  key = '',
  value = '',
  keepS,
  cas,
}: MemcachedRequest): Buffer {
  const keyBytes = Buffer.from(key)
  const valueBytes = Buffer.from(value)
  const extras = Buffer.alloc(keepS === undefined ? 0 : 8)
  if (keepS !== undefined) extras.writeUInt32BE(keepS, 4)
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt8(REQUEST_MAGIC, 0)
  header.writeUInt8(opcode, 1)
  header.writeUInt16BE(keyBytes.length, 2)
  header.writeUInt8(extras.length, 4)
  header.writeUInt32BE(extras.length + keyBytes.length + valueBytes.length, 8)
  header.writeUInt32BE(opaque, 12)
  cas?.copy(header, 16)
  return Buffer.concat([header, extras, keyBytes, valueBytes])
}

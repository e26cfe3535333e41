import { expect, test } from 'vitest'
import { encodeRequest, OPCODES } from '#services/auth/records/memcached-protocol.ts'

test('a write names the state that it replaces, and how long it is to be kept', () => {
  const cas = Buffer.from('0102030405060708', 'hex')
  const bytes = encodeRequest({ opcode: OPCODES.set, opaque: 7, key: 'k', value: 'val', keepS: 3_600, cas })
  // Magic and opcode, key length, extras length, data type, vbucket; body length; opaque; cas; flags, time, key, value.
  expect(bytes.toString('hex')).toBe(
    '8001000108000000' +
      '0000000c' +
      '00000007' +
      '0102030405060708' +
      '00000000' +
      '00000e10' +
      '6b' +
      '76616c',
  )
})

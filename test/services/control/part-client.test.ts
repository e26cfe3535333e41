import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { PartState } from '#contract/control.ts'
import { createPartClient } from '#services/control/part-client.ts'

const PREPARE = { mode: 'jwt', generation: 2, phase: 'prepare' } as const

async function serving(listener: RequestListener): Promise<{ part: PartState } & AsyncDisposable> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const adminUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    part: { id: 'node-1', kind: 'node', condition: 'ready', adminUrl },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

describe('a part', () => {
  it('is told a phase with the admin token', async () => {
    let seen = ''
    await using node = await serving((request, response) => {
      request.on('data', (chunk) => {
        seen += `${request.method} ${request.url} ${request.headers.authorization} ${chunk}`
      })
      request.on('end', () => response.writeHead(204).end())
    })
    expect(await createPartClient('secret', 2_000).phase(node.part, PREPARE)).toBeUndefined()
    expect(seen).toBe(`PUT /mode Bearer secret ${JSON.stringify(PREPARE)}`)
  })

  it('that says no is quoted', async () => {
    await using node = await serving((_request, response) => {
      response.writeHead(409).end('{"error":"no_store","message":"it has no Redis"}')
    })
    expect(await createPartClient('secret', 2_000).phase(node.part, PREPARE)).toEqual({
      part: 'node-1',
      refused: true,
      status: 409,
      message: 'node-1 answered 409: it has no Redis',
    })
  })

  it('that breaks has not refused', async () => {
    await using node = await serving((_request, response) => response.writeHead(500).end('<html>'))
    expect(await createPartClient('secret', 2_000).phase(node.part, PREPARE)).toEqual({
      part: 'node-1',
      refused: false,
      status: 500,
      message: 'node-1 answered 500',
    })
  })

  it('that does not answer in time, or is not there, is no exception', async () => {
    const client = createPartClient('secret', 100)
    let gone: PartState
    {
      await using silent = await serving(() => {})
      expect(await client.phase(silent.part, PREPARE)).toMatchObject({
        refused: false,
        message: 'node-1 did not answer within 100 ms',
      })
      gone = silent.part
    }
    expect(await client.modeOf(gone)).toMatchObject({ message: 'node-1 did not answer (ECONNREFUSED)' })
  })
})

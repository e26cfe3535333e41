import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { demandPort, freePort, freePorts, isPortFree } from '#cluster/free-port.ts'
import { EXIT } from '#contract/errors.ts'

async function listening(port: number): Promise<AsyncDisposable> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return { [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) }
}

describe('a free port', () => {
  it('lies below the ephemeral ranges and is never handed out twice in a row', async () => {
    const ports = await freePorts(20)
    expect(new Set(ports).size).toBe(20)
    for (const port of ports) {
      expect(port).toBeGreaterThanOrEqual(20_000)
      expect(port).toBeLessThan(30_000)
    }
  })

  it('is not one that somebody listens on', async () => {
    const next = (await freePort()) + 1
    await using _listener = await listening(next)
    expect(await freePort()).not.toBe(next)
  })
})

/** Draws ports, says which, and lives until its input ends. */
const DRAWING = `
  const { freePorts } = await import(process.argv[1])
  console.log(JSON.stringify(await freePorts(100)))
  process.stdin.resume()
`

describe('processes that draw ports at the same time', () => {
  it('draw none twice, though nobody listens on them yet', async () => {
    const source = fileURLToPath(new URL('../../cluster/free-port.ts', import.meta.url))
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', DRAWING, source], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    )
    const drawn = await Promise.all(
      children.map(
        ({ stdout }) =>
          new Promise<number[]>((resolve) =>
            stdout.once('data', (line) => resolve(JSON.parse(String(line)))),
          ),
      ),
    )
    for (const { stdin } of children) stdin.end()
    expect(new Set(drawn.flat()).size).toBe(400)
  })
})

describe('a port that was asked for', () => {
  it('is taken when it is free', async () => {
    const port = await freePort()
    expect(await demandPort(port, 'the proxy')).toBe(port)
  })

  it('is refused by number and purpose when it is in use', async () => {
    const port = await freePort()
    await using _listener = await listening(port)
    expect(await isPortFree(port)).toBe(false)
    await expect(demandPort(port, 'the proxy')).rejects.toMatchObject({
      message: `port ${port}, wanted for the proxy, is in use`,
      exitCode: EXIT.unavailable,
    })
  })
})

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { freePort } from '#cluster/free-port.ts'
import { EXIT } from '#contract/errors.ts'
import { startCommand } from './run-command.ts'

describe('stillin proxy', () => {
  it('binds users as it is told, shows itself where it is told, and on SIGTERM finishes and ends with code 0', async () => {
    const asked = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    const service = createServer((request, response) => {
      if (request.url !== '/slow') return response.end('quick')
      asked.resolve()
      return finish.promise.then(() => response.end('slow'))
    }).listen(0, '127.0.0.1')
    await once(service, 'listening')
    const adminPort = await freePort()
    const { port } = service.address() as AddressInfo
    const command = startCommand(
      [
        ...['proxy', '--listen', `127.0.0.1:${await freePort()}`, '--upstream', `http://127.0.0.1:${port}`],
        ...['--balancer', 'least-in-flight', '--affinity', 'cookie', '--admin', String(adminPort)],
      ],
      tmpdir(),
    )
    const line = await command.firstLine
    const [, url = '', token = ''] = /proxy at (\S+), admin .* \(bearer token (\S+)\)/.exec(line) ?? []
    const state = await fetch(`http://127.0.0.1:${adminPort}/cluster`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(await state.json()).toMatchObject({ balancer: 'affinity-cookie', algorithm: 'least-in-flight' })
    expect((await fetch(url)).headers.has('set-cookie')).toBe(true)

    const slow = fetch(`${url}/slow`)
    await asked.promise
    command.child.kill('SIGTERM')
    await once(command.child.stderr ?? command.child, 'data')
    finish.resolve()
    expect(await (await slow).text()).toBe('slow')
    expect((await command.ended).code).toBe(EXIT.ok)
    service.close()
    service.closeAllConnections()
  })
})

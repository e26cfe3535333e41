import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectControl, TOKEN_VARIABLE } from '#bench/cli/control-connection.ts'
import { EXIT } from '#contract/errors.ts'

/** A control that takes no token. */
const strict = createServer((_request, response) => {
  response.writeHead(401, { 'content-type': 'application/json' })
  response.end('{"error":"unauthorized","message":"the bearer token is missing or wrong"}')
})
beforeAll(() => new Promise<void>((resolve) => strict.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => strict.close(resolve)))

const connect = (control: string) =>
  connectControl({ control }, { environment: { [TOKEN_VARIABLE]: 'wrong' }, folder: '/' })

it('refuses a control whose address is none', async () => {
  for (const address of ['foo', '127.0.0.1:9000', 'ftp://127.0.0.1'])
    await expect(connect(address)).rejects.toMatchObject({
      message: `--control must be an address like http://127.0.0.1:9000, not "${address}"`,
      exitCode: EXIT.usage,
    })
})

it('says where the token came from that control does not take', async () => {
  const url = `http://127.0.0.1:${(strict.address() as AddressInfo).port}`
  const control = await connect(`${url}/`)
  await expect(control.state()).rejects.toMatchObject({
    message: `control at ${url} does not take this token`,
    hint: 'Correct what --token-file or STILLIN_CONTROL_TOKEN holds.',
    exitCode: EXIT.usage,
  })
})

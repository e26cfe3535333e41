import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXIT } from '#contract/errors.ts'
import { runCommand, workingFolder } from './run-command.ts'

const SOMEWHERE = '/'

async function webServer(): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer((_request, response) => response.end('hello'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

describe('the real command ends with code 2 and a message without a stack for', () => {
  it.each([
    [
      'an unknown mode',
      ['up', '--mode', 'nope'],
      /'--mode <mode>' argument 'nope' .* one of local, sticky, redis, cookie, jwt/,
    ],
    [
      'a negative node count',
      ['up', '--nodes', '-1'],
      /'--nodes <count>' argument '-1' .* whole number from 1 to 16/,
    ],
    [
      'fewer users than a storm needs',
      ['chaos', '--storm', '300', '--users', '300'],
      /a storm of 300 needs 400 users \(--users\), and there are 300\n.*Leave --users out/,
    ],
    ['a projection without a storm', ['chaos', '--project', '50000/16'], /--project goes with --storm only/],
    [
      'a payload that is no JSON object',
      ['bench', '--payload', '3'],
      /--payload must be 0, or at least 8, not 3/,
    ],
    [
      'a flag that proxies know nothing of',
      ['bench', '--proxies', '--payload', '64'],
      /--payload has no meaning with --proxies/,
    ],
    [
      'a cluster that is nowhere',
      ['status', '--cluster', 'swarm'],
      /--cluster is compose, compose:PROJECT or attach:FILE, not "swarm"/,
    ],
    [
      'a setting of a cluster that runs already',
      ['bench', '--cluster', 'compose', '--nodes', '2'],
      /--nodes and --cluster contradict each other/,
    ],
    [
      'a projection of nothing',
      ['size', 'nowhere.json'],
      /--lookups is missing: .* such as --lookups 20000\/s\n.*Or name --check/,
    ],
    [
      'a migration that is told its modes twice',
      ['chaos', '--migrate', 'sticky,redis', '--modes', 'jwt'],
      /--migrate and --modes contradict each other/,
    ],
    [
      'a fault that ends what a lag would be watched by',
      ['lag', '--fault', 'switch-mode'],
      /'--fault <list>' argument 'switch-mode'/,
    ],
    [
      'a policy where all of them are tried',
      ['chaos', '--outages', '--outage', 'open'],
      /--outages and --outage contradict each other/,
    ],
    [
      'outages of a Redis that nobody stands on',
      ['chaos', '--outages', '--modes', 'jwt,local'],
      /--outages: none of jwt, local stands on Redis/,
    ],
    ['a flag of lags around faults alone', ['lag', '--per-node'], /--per-node goes with --fault only/],
    [
      'faults without a meaning in any of the modes',
      ['lag', '--modes', 'jwt,cookie', '--fault', 'kill-redis'],
      /--fault: kill-redis has no meaning in jwt, cookie/,
    ],
    ['an unknown command', ['frobnicate'], /there is no command "frobnicate"/],
  ])('%s', async (_what, args, message) => {
    const { code, out, err } = await runCommand(args, SOMEWHERE)
    expect(err).toMatch(message)
    expect(err).not.toMatch(/\n\s+at /)
    expect([code, out]).toEqual([EXIT.usage, ''])
  })

  it('a REDIS_URL where something else answers', async () => {
    await using web = await webServer()
    const environment = { REDIS_URL: `redis://127.0.0.1:${web.port}` }
    const { code, err } = await runCommand(['up', '--port', '0'], SOMEWHERE, environment)
    expect(err).toContain(`REDIS_URL: what answers at redis://127.0.0.1:${web.port}`)
    expect(code).toBe(EXIT.usage)
  })

  it('a configuration with an unknown key', async () => {
    await using folder = await workingFolder()
    await writeFile(join(folder.path, 'stillin.config.json'), '{"modes":"redis"}')
    const { code, err } = await runCommand(['up', '--port', '0'], folder.path)
    expect(err).toMatch(/stillin.config.json: unknown key "modes"\n.*Allowed: mode, nodes, port/)
    expect(code).toBe(EXIT.usage)
  })
})

describe('the real command ends with code 4 for', () => {
  it('a port in use, by its number', async () => {
    await using web = await webServer()
    const { code, err } = await runCommand(['up', '--no-redis', '--port', String(web.port)], SOMEWHERE)
    expect(err).toContain(`port ${web.port}, wanted for the proxy, is in use`)
    expect(code).toBe(EXIT.unavailable)
  })

  it('no cluster', async () => {
    const { code, err } = await runCommand(['status'], SOMEWHERE)
    expect(err).toContain('no cluster runs here')
    expect(code).toBe(EXIT.unavailable)
  })

  it('a cluster that has ended and left its file', async () => {
    await using folder = await workingFolder()
    await mkdir(join(folder.path, '.stillin'))
    const file = { control: { url: 'http://127.0.0.1:1', token: 'x' }, proxy: {}, nodes: [] }
    await writeFile(join(folder.path, '.stillin/cluster.json'), JSON.stringify(file))
    const { code, err } = await runCommand(['mode', 'jwt'], folder.path)
    expect(err).toContain('was left by one that has ended')
    expect(code).toBe(EXIT.unavailable)
  })
})

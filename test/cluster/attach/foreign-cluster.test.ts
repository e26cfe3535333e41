import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foreignCluster } from '#cluster/attach/foreign-cluster.ts'
import type { ForeignNode, ForeignService } from '#contract/foreign.ts'

const server = createServer((_request, response) => response.writeHead(401).end())
let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

const OK = ['sh', '-c', 'true']
function serviceWith(commands: ForeignNode['commands'], more: Partial<ForeignNode> = {}): ForeignService {
  const node = { id: 'a', url, pid: undefined, pidFile: undefined, commands, ...more }
  const target = {
    name: 'shop',
    url,
    nodes: [{ id: 'a', url }],
    requests: {
      login: { method: 'POST', path: '/', headers: {} },
      lookup: { method: 'GET', path: '/', headers: {} },
    },
    credential: { cookies: 'all' },
    userMember: undefined,
  } as const
  return { name: 'shop', target, nodes: [node], users: [], watchS: 1 }
}
const conditions = (cluster: ReturnType<typeof foreignCluster>) =>
  cluster.nodes().map(({ condition }) => condition)

describe('a service of somebody else’s, by its commands', () => {
  it('is paused and resumed, and what it lacks is named', async () => {
    const cluster = foreignCluster(serviceWith({ pause: OK, resume: OK }))
    await cluster.pause('a')
    expect(conditions(cluster)).toEqual(['paused'])
    await cluster.resume('a')
    expect(conditions(cluster)).toEqual(['ready'])
    expect([cluster.lacks('pause'), cluster.lacks('kill')]).toEqual([
      undefined,
      'its file has no /commands/kill for a',
    ])
    await expect(cluster.kill('a')).rejects.toThrow('/commands/kill is not in its file')
    await expect(cluster.pause('z')).rejects.toMatchObject({ exitCode: 2 })
  })

  it('that answers on after a kill command that ended well was not killed', async () => {
    const cluster = foreignCluster(serviceWith({ kill: OK, start: OK }), 60)
    await expect(cluster.kill('a')).rejects.toThrow(
      /kill command of a ended well.* did not happen within 60 ms/,
    )
  })

  it('without a start command is started by whoever watches over it, and waited for', async () => {
    const cluster = foreignCluster(serviceWith({ kill: OK }), 60)
    await cluster.kill('a')
    expect(conditions(cluster)).toEqual(['stopped'])
    await cluster.start('a')
    expect(conditions(cluster)).toEqual(['ready'])
  })

  it('whose command fails says what it printed last', async () => {
    const failing = ['sh', '-c', 'echo unit not found >&2; exit 3']
    await expect(foreignCluster(serviceWith({ kill: failing })).kill('a')).rejects.toThrow(
      'sh failed: unit not found',
    )
  })

  it('tells its CPU as the command prints it, in seconds, and nothing else', async () => {
    const printing = (text: string) => foreignCluster(serviceWith({ cpu: ['printf', text] })).cpuUsOf('a')
    expect(await printing('1.25')).toBe(1_250_000)
    await expect(printing('00:01:02')).rejects.toThrow('/commands/cpu must print seconds, not "00:01:02"')
    expect(await foreignCluster(serviceWith({})).cpuUsOf('a')).toBeUndefined()
    expect(await foreignCluster(serviceWith({}, { pid: 7 })).pidOf('a')).toBe(7)
    expect(await foreignCluster(serviceWith({}, { pidFile: '/nowhere' })).pidOf('a')).toBeUndefined()
  })

  it.each(['setMode', 'seed', 'setClock', 'rotateKeys', 'drain', 'link', 'addNode'] as const)(
    'cannot be asked for %s',
    async (act) => {
      const cluster = foreignCluster(serviceWith({})) as unknown as Record<string, () => Promise<unknown>>
      await expect(cluster[act]?.()).rejects.toThrow('wants a cluster of stillin')
    },
  )
})

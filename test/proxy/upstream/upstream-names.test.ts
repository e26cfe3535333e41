import { afterEach, describe, expect, test } from 'vitest'
import { type NamedUpstream, UpstreamNames } from '../../../proxy/upstream/upstream-names.ts'

const closing: UpstreamNames[] = []
afterEach(() => {
  for (const names of closing.splice(0)) names.close()
})

/** Names that resolve to what `zone` says at the moment. */
function resolving(zone: Record<string, readonly string[]>) {
  const lists: (readonly NamedUpstream[])[] = []
  const lookup = async (name: string): Promise<readonly string[]> => {
    const addresses = zone[name]
    if (!addresses) throw new Error('ENOTFOUND')
    return addresses
  }
  const names = new UpstreamNames(lookup, 60_000, (list) => lists.push(list))
  closing.push(names)
  const last = () => (lists.at(-1) ?? []).map(({ id, url }) => `${id} ${url.host}`)
  return { names, lists, last, zone }
}
const web: NamedUpstream = { id: 'web', url: new URL('http://web:3000') }

describe('upstreams given by name', () => {
  test('become one for each address', async () => {
    const { names, last } = resolving({ web: ['10.0.0.2', '10.0.0.1'] })
    await names.set([web, { id: 'b', url: new URL('http://127.0.0.1:1') }])
    expect(last()).toEqual(['web 10.0.0.1:3000', 'web-10-0-0-2 10.0.0.2:3000', 'b 127.0.0.1:1'])
  })

  test('keep each id with its address while others come and go, so that no pin moves', async () => {
    const { names, last, zone } = resolving({ web: ['10.0.0.5'] })
    await names.set([web])
    expect(last()).toEqual(['web 10.0.0.5:3000'])
    zone['web'] = ['10.0.0.1', '10.0.0.5', '10.0.0.9']
    await names.refresh()
    expect([...last()].sort()).toEqual([
      'web 10.0.0.5:3000',
      'web-10-0-0-1 10.0.0.1:3000',
      'web-10-0-0-9 10.0.0.9:3000',
    ])
    zone['web'] = ['10.0.0.1', '10.0.0.9']
    await names.refresh()
    expect(last()).toEqual(['web-10-0-0-1 10.0.0.1:3000', 'web-10-0-0-9 10.0.0.9:3000'])
  })

  test('bear their plain id at a new address when that is the only one', async () => {
    const { names, last, zone } = resolving({ web: ['10.0.0.5'] })
    await names.set([web])
    zone['web'] = ['10.0.0.6']
    await names.refresh()
    expect(last()).toEqual(['web 10.0.0.6:3000'])
  })

  test('are each called by their address where the id ends with a star', async () => {
    const { names, last, zone } = resolving({ web: ['10.0.0.5'] })
    await names.set([{ ...web, id: 'node-*' }])
    expect(last()).toEqual(['node-10-0-0-5 10.0.0.5:3000'])
    zone['web'] = ['10.0.0.5', '10.0.0.7']
    await names.refresh()
    expect(last()).toEqual(['node-10-0-0-5 10.0.0.5:3000', 'node-10-0-0-7 10.0.0.7:3000'])
  })

  test('change nothing when the answer only comes in another order', async () => {
    const { names, lists, zone } = resolving({ web: ['10.0.0.1', '10.0.0.2'] })
    await names.set([web])
    const before = lists.length
    zone['web'] = ['10.0.0.2', '10.0.0.1']
    await names.refresh()
    expect(lists).toHaveLength(before)
  })

  test('keep the addresses they had when nobody answers any more', async () => {
    const { names, last, zone } = resolving({ web: ['10.0.0.1', '10.0.0.2'] })
    await names.set([web])
    delete zone['web']
    await names.refresh()
    expect(last()).toHaveLength(2)
  })

  test('are passed on as they are until they can be resolved', async () => {
    const { names, last, zone } = resolving({})
    await names.set([web])
    expect(last()).toEqual(['web web:3000'])
    zone['web'] = ['10.0.0.1']
    await names.refresh()
    expect(last()).toEqual(['web 10.0.0.1:3000'])
  })

  test('are left alone where they are localhost or an address', async () => {
    const { names, last } = resolving({ localhost: ['127.0.0.1', '127.0.0.2'] })
    await names.set([
      { id: 'a', url: new URL('http://localhost:1') },
      { id: 'b', url: new URL('http://[::1]:2') },
    ])
    expect(last()).toEqual(['a localhost:1', 'b [::1]:2'])
  })

  test('of a list that was replaced meanwhile do not come back', async () => {
    const waiting: ((addresses: string[]) => void)[] = []
    const lists: (readonly NamedUpstream[])[] = []
    const names = new UpstreamNames(
      () => new Promise((resolve) => waiting.push(resolve)),
      60_000,
      (list) => lists.push(list),
    )
    closing.push(names)
    const first = names.set([web])
    await names.set([{ id: 'b', url: new URL('http://127.0.0.1:1') }])
    waiting[0]?.(['10.0.0.1', '10.0.0.2'])
    await first
    expect(lists.at(-1)?.map(({ id }) => id)).toEqual(['b'])
  })
})

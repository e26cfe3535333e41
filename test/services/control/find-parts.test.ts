import { expect, it } from 'vitest'
import { findParts } from '#services/control/find-parts.ts'
import { parseParts } from '#services/control/parts-setting.ts'

const PARTS = parseParts(
  'proxy=http://proxy:8080|http://proxy:8081, node-*=http://auth:3000|http://auth:3001',
)

it('a part whose id ends with a star is every address of its name, a part by its name is itself', async () => {
  const found = await findParts(PARTS, async () => ['10.0.0.6', '10.0.0.5', '10.0.0.5'])
  expect(found.map(({ id, kind, url, adminUrl }) => [id, kind, url, adminUrl])).toEqual([
    ['proxy', 'proxy', 'http://proxy:8080', 'http://proxy:8081'],
    ['node-10-0-0-5', 'node', 'http://10.0.0.5:3000', 'http://10.0.0.5:3001'],
    ['node-10-0-0-6', 'node', 'http://10.0.0.6:3000', 'http://10.0.0.6:3001'],
  ])
})

it('a name that nobody knows stands for no part', async () => {
  const found = await findParts(PARTS, () => Promise.reject(new Error('ENOTFOUND')))
  expect(found.map(({ id }) => id)).toEqual(['proxy'])
})

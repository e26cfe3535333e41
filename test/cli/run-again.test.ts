import { expect, it } from 'vitest'
import { commandLine } from '#bench/cli/command-line.ts'
import type { LabOptions } from '#bench/experiment/lab/lab.ts'
import { LAB } from '#contract/lab.ts'
import { DEFAULT_MODES, MODE_NAMES } from '#contract/modes.ts'

const plain: LabOptions = {
  modes: DEFAULT_MODES,
  nodes: LAB.nodes,
  users: LAB.users,
  forwarder: 'http-proxy',
  jwtAlgorithm: 'HS256',
  sessionReader: 'fastify-session',
  jwtVerifier: 'jose',
  outage: 'closed',
  jwtCache: 0,
  store: 'redis',
  redisUrl: undefined,
  plant: undefined,
}

it('the command that runs an experiment again names what differs from the defaults, and every mode as all', () => {
  expect(commandLine('bench', plain, { seed: 1 })).toBe('stillin bench --seed 1')
  expect(commandLine('bench', { ...plain, modes: MODE_NAMES }, { rounds: undefined })).toBe(
    'stillin bench --modes all',
  )
  expect(commandLine('sweep', { ...plain, modes: ['redis', 'jwt'], nodes: 2 }, { thorough: true })).toBe(
    'stillin sweep --modes redis,jwt --nodes 2 --thorough',
  )
})

import { expect, it } from 'vitest'
import { loadExtras } from '#bench/report/story/load-words.ts'
import type { ModeName } from '#contract/modes.ts'
import { fixture } from './fixture.ts'

const words = (modes: readonly ModeName[]) =>
  loadExtras({ ...fixture().configuration, modes, sessions: 1_000_000 }).join()

it('sessions in the nodes’ memory are said to be in the heap of every mode that is measured beside theirs', () => {
  expect(words(['redis', 'jwt'])).toBe('1,000,000 more live sessions in modes that keep any')
  expect(words(['sticky'])).not.toContain('heaps')
  expect(words(['redis', 'sticky', 'replicated'])).toContain(
    'the nodes’ heaps hold those of sticky, replicated whichever mode is measured',
  )
})

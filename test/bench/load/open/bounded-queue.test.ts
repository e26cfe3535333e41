import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBoundedQueue } from '#bench/load/open/bounded-queue.ts'

test('whatever is pushed and taken, it is first in, first out, and never above its bound', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { maxLength: 400 }),
      fc.integer({ min: 1, max: 20 }),
      (pushes, most) => {
        const queue = createBoundedQueue<number>(most)
        const model: number[] = []
        for (const [item, isPush] of pushes.entries()) {
          if (isPush) {
            expect(queue.push(item)).toBe(model.length < most)
            if (model.length < most) model.push(item)
          } else expect(queue.shift()).toBe(model.shift())
          expect(queue.size).toBe(model.length)
        }
      },
    ),
  )
})

test('what was taken long ago is let go of', () => {
  const queue = createBoundedQueue<number>(5000)
  for (let item = 0; item < 5000; item++) queue.push(item)
  for (let item = 0; item < 4999; item++) expect(queue.shift()).toBe(item)
  expect(queue.size).toBe(1)
  expect(queue.shift()).toBe(4999)
  expect(queue.shift()).toBeUndefined()
})

import { expect, it } from 'vitest'
import { checkCpuTotals } from '#bench/experiment/costs/cpu-totals.ts'

const start = { tiersUs: 1_000_000, processesUs: 5_000_000 }

it('passes tiers that add up to what the kernel charged, and voids a run whose tiers lie', () => {
  expect(checkCpuTotals(start, { tiersUs: 2_000_000, processesUs: 6_010_000 })).toMatchObject({ ok: true })
  const lying = checkCpuTotals(start, { tiersUs: 2_000_000, processesUs: 6_030_000 })
  expect(lying).toMatchObject({ ok: false, voids: 'run' })
  expect(lying.detail).toBe('the tiers count 1.00 s, the kernel 1.03 s; at most 2 % may lie between')
})

it('says so where the kernel tells nothing', () => {
  const unknown = checkCpuTotals({ ...start, processesUs: null }, { tiersUs: 2_000_000, processesUs: null })
  expect(unknown).toMatchObject({ ok: true, voids: 'nothing' })
})

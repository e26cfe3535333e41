import { fork } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { parsePsTime, processCpuUs } from '#bench/measure/process-cpu.ts'

test.runIf(process.platform === 'linux')(
  'the CPU of a process holds that of its living children',
  async () => {
    const parent = fork(new URL('./fixtures/spinning-parent.ts', import.meta.url), { execArgv: [] })
    try {
      await once(parent, 'message')
      expect(await processCpuUs(parent.pid ?? 0)).toBeGreaterThan(200_000)
    } finally {
      parent.disconnect()
      await once(parent, 'exit')
    }
    expect(await processCpuUs(parent.pid ?? 0)).toBeNull()
  },
)

test.runIf(process.platform === 'linux')('it agrees with what the process says of itself', async () => {
  const endUs = process.cpuUsage().user + 50_000
  while (process.cpuUsage().user < endUs);
  const { user, system } = process.cpuUsage()
  const seen = await processCpuUs(process.pid)
  // Threads that have ended are in the process's own figure alone.
  expect(seen).toBeLessThan(1.1 * (user + system) + 50_000)
  expect(seen).toBeGreaterThan(50_000)
})

test("macOS' ps tells time in words", async () => {
  expect(parsePsTime(' 0:01.50\n')).toBe(1_500_000)
  expect(parsePsTime('01:02:03')).toBe(3_723_000_000)
  expect(parsePsTime('1-00:00:01')).toBe(86_401_000_000)
  expect(parsePsTime('')).toBeNull()
  const ps = async (): Promise<string> => '0:02.00'
  expect(await processCpuUs(1, { platform: 'darwin', ps })).toBe(2_000_000)
  expect(await processCpuUs(1, { platform: 'darwin' })).toBeNull()
})

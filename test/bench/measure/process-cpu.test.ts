import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { processCpuUs } from '../../../bench/measure/process-cpu.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A proc of these threads: `pid/tid` with its schedstat and its children. */
function proc(threads: Record<string, { ran: string; children?: string }>): string {
  const root = mkdtempSync(join(tmpdir(), 'proc-'))
  folders.push(root)
  for (const [name, { ran, children = '' }] of Object.entries(threads)) {
    const [pid = '', tid = ''] = name.split('/')
    const folder = join(root, pid, 'task', tid)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'schedstat'), ran)
    writeFileSync(join(folder, 'children'), children)
  }
  return root
}

describe('the CPU time of a process', () => {
  it('is that of all its threads and of its children’s', async () => {
    const root = proc({
      '10/10': { ran: '1000000 5 1\n', children: '20 ' },
      '10/11': { ran: '500000 5 1\n' },
      '20/20': { ran: '250000 5 1\n' },
      '30/30': { ran: '9000000 5 1\n' },
    })
    expect(await processCpuUs(10, root)).toBe(1750)
  })

  it('is unknown where there is no such process', async () => {
    expect(await processCpuUs(99, proc({ '10/10': { ran: '1 1 1' } }))).toBeNull()
  })

  it('ends where processes name each other as children', async () => {
    const root = proc({
      '10/10': { ran: '1000 1 1', children: '20' },
      '20/20': { ran: '1000 1 1', children: '10' },
    })
    expect(await processCpuUs(10, root)).toBe(2)
  })
})

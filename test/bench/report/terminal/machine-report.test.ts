import { describe, expect, it } from 'vitest'
import { renderMachine } from '#bench/report/terminal/machine-report.ts'
import type { MachineFinding } from '#contract/machine.ts'

const PLAIN = { colour: false, width: 100 }
const ready: MachineFinding = {
  name: 'Node',
  condition: 'ready',
  here: '24',
  neededFor: 'all',
  toGet: null,
}
const missing: MachineFinding = {
  name: 'Memcached',
  condition: 'missing',
  here: 'not found',
  neededFor: `${'a long use '.repeat(12)}`,
  toGet: `sudo apt-get install ${'memcached '.repeat(12)}`,
}

describe('renderMachine', () => {
  it('keeps the table within the width and a command in one piece', () => {
    const [table = '', commands = ''] = renderMachine([ready, missing], PLAIN).split('To get what is missing')
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(commands).toContain(missing.toGet)
  })

  it('says that nothing is missing only where nothing is', () => {
    expect(renderMachine([ready], PLAIN)).toContain('Nothing is missing.')
    const broken = { ...missing, condition: 'unusable', toGet: null } as const
    expect(renderMachine([ready, broken], PLAIN)).not.toContain('Nothing is missing')
  })
})

import { describe, expect, it } from 'vitest'
import { coresFinding, filesFinding } from '#bench/measure/examine-machine.ts'

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             93879                93879                processes
Max open files            1024                 1048576              files
`

describe('what no package brings', () => {
  it('cores: fewer than four are scarce, also where the control group allows fewer', () => {
    expect(coresFinding(8, null, 'CPU')).toMatchObject({ condition: 'ready', here: '8 (CPU)' })
    expect(coresFinding(2, null, 'CPU').condition).toBe('scarce')
    expect(coresFinding(8, 1.5, 'CPU')).toMatchObject({
      condition: 'scarce',
      here: '8 (CPU), limited to 1.5',
    })
  })

  it('open files: the soft limit decides, and the shell can raise it', () => {
    expect(filesFinding(LIMITS)).toMatchObject({ condition: 'scarce', toGet: 'ulimit -n 4096' })
    expect(filesFinding(LIMITS.replace('1024 ', 'unlimited ')).condition).toBe('ready')
    expect(filesFinding('').here).toBe('limit not known here')
  })
})

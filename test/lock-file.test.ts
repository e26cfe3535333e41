import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface LockedPackage {
  optionalDependencies?: Record<string, string>
  resolved?: string
}

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, LockedPackage>
}

describe('the lock file', () => {
  it('names the packages of every platform, or `npm ci` refuses to install on any', () => {
    const locked = Object.keys(lock.packages)
    const wanted = Object.values(lock.packages).flatMap((one) => Object.keys(one.optionalDependencies ?? {}))
    expect(wanted.length).toBeGreaterThan(0)
    expect(wanted.filter((name) => !locked.some((path) => path.endsWith(`node_modules/${name}`)))).toEqual([])
  })

  it('ties nobody to one address of the registry', () => {
    expect(Object.values(lock.packages).filter((one) => one.resolved !== undefined)).toEqual([])
  })
})

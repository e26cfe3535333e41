import { describe, expect, it } from 'vitest'
import { startChild } from '#cluster/child.ts'
import { freePorts } from '#cluster/free-port.ts'
import { StillinError } from '#contract/errors.ts'
import { FAKE_PART, whenGone } from './processes.ts'

async function fakePart(plant?: string) {
  const [port, adminPort] = await freePorts(2)
  return {
    entry: FAKE_PART,
    name: 'node-1',
    env: {
      STILLIN_PORT: String(port),
      STILLIN_ADMIN_PORT: String(adminPort),
      STILLIN_ADMIN_TOKEN: 'secret',
      STILLIN_PLANT: plant,
    },
  }
}

async function failure(promise: Promise<unknown>): Promise<StillinError> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  )
  if (error instanceof StillinError) return error
  throw error
}

describe('a child', () => {
  it('is handed over when it has said that it is ready', async () => {
    await using child = await startChild(await fakePart())
    expect(child.ready).toMatchObject({ type: 'ready', pid: child.pid })
    expect((await fetch(child.ready.url ?? '')).status).toBe(200)
    expect(child.alive).toBe(true)
  })

  it('is told nothing of this process’s own settings', async () => {
    process.env['STILLIN_STRAY'] = '1'
    try {
      await using child = await startChild(await fakePart())
      const usage = await fetch(`${child.ready.adminUrl}/usage`, {
        headers: { authorization: 'Bearer secret' },
      })
      const { environment } = (await usage.json()) as { environment: Record<string, string> }
      expect(Object.keys(environment).sort()).toEqual([
        'STILLIN_ADMIN_PORT',
        'STILLIN_ADMIN_TOKEN',
        'STILLIN_PORT',
      ])
    } finally {
      delete process.env['STILLIN_STRAY']
    }
  })

  it('that fails is reported in its own words, with its hint', async () => {
    const error = await failure(startChild(await fakePart('fail')))
    expect(error.message).toBe('node-1 could not start: the directory is read-only')
    expect(error.hint).toBe('Free some space.')
  })

  it('that dies silently is reported with its exit code and last words', async () => {
    const error = await failure(startChild(await fakePart('die')))
    expect(error.message).toContain('exit code 7')
    expect(error.message).toContain('its last words')
  })

  it('that never gets ready is given up', async () => {
    const error = await failure(startChild({ ...(await fakePart('never-ready')), readyTimeoutMs: 300 }))
    expect(error.message).toContain('not ready within 300 ms')
  })

  it('that is no longer wanted while it starts is ended', async () => {
    const reason = new Error('no longer wanted')
    const wish = new AbortController()
    const starting = startChild({ ...(await fakePart('never-ready')), signal: wish.signal })
    setTimeout(() => wish.abort(reason), 50)
    await expect(starting).rejects.toBe(reason)
  })

  it('that ignores SIGTERM is killed', async () => {
    const child = await startChild(await fakePart('ignore-sigterm'))
    expect(await child.stop(100)).toEqual({ code: null, signal: 'SIGKILL' })
    await whenGone([child.pid])
    expect(child.alive).toBe(false)
  })

  it('that is stopped by SIGSTOP can still be ended', async () => {
    const child = await startChild(await fakePart())
    child.signal('SIGSTOP')
    await child.stop()
    await whenGone([child.pid])
  })

  it('can be stopped twice', async () => {
    const child = await startChild(await fakePart())
    expect(await child.stop()).toEqual(await child.stop())
  })
})

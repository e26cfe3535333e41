import { describe, expect, it } from 'vitest'
import type { ActMessage } from '#contract/supervision.ts'
import { connectSupervisor } from '#services/control/supervisor-link.ts'
import { part } from './parts.ts'

function channel() {
  const sent: object[] = []
  let hear: (message: unknown) => void = () => {}
  return {
    sent,
    say: (message: object) => hear(message),
    end: {
      send: (message: object) => void sent.push(message),
      onMessage: (listener: (message: unknown) => void) => {
        hear = listener
      },
    },
  }
}

describe('the link to the supervisor', () => {
  it('gives every answer to the one who asked, in whatever order they come', async () => {
    const { end, sent, say } = channel()
    const link = connectSupervisor(end, () => {}, 1_000)
    const [kill, start] = [link.act('kill', 'node-1'), link.act('start', 'node-2')]
    const ids = (sent as ActMessage[]).map(({ requestId }) => requestId)
    say({ type: 'acted', requestId: ids[1], error: { status: 409, message: 'no' } })
    say({ type: 'acted', requestId: ids[0] })
    expect(await kill).toBeUndefined()
    expect(await start).toEqual({ status: 409, message: 'no' })
  })

  it('hands on the parts', () => {
    const { end, say } = channel()
    const seen: unknown[] = []
    connectSupervisor(end, (parts) => seen.push(parts), 1_000)
    say({ type: 'parts', parts: [part('node-1')] })
    expect(seen).toEqual([[part('node-1')]])
  })

  it('does not wait for ever', async () => {
    const { end } = channel()
    const link = connectSupervisor(end, () => {}, 20)
    expect(await link.shutdown()).toEqual({
      status: 500,
      message: 'the supervisor did not answer within 20 ms',
    })
  })
})

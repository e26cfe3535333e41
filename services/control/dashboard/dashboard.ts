import type { ClusterState } from '#contract/control.ts'
import type { DashboardAbout, DashboardRate, DashboardSample, DashboardState } from '#contract/dashboard.ts'
import { DASHBOARD_RATES } from '#contract/dashboard.ts'
import { type LinkCondition, type LinkState, linkWords } from '#contract/links.ts'
import { MODE_NAMES, MODES } from '#contract/modes.ts'
import type { Control } from '../control.ts'
import { createJournal } from './journal.ts'
import { createLoadGenerator } from './load-generator.ts'
import { createLoadPeople } from './load-people.ts'
import type { PartReader } from './part-reader.ts'
import { createSampler } from './sampler.ts'
import { createVisitor, VISITOR_USER } from './visitor.ts'
import { createVisitorDesk, type VisitorDesk } from './visitor-desk.ts'

const TICK_MS = 1_000
const SAMPLES_MAX = 120
/** Nobody asked for this long: the page has gone. */
const WATCHED_MS = 6_000
const LOAD_MAX_MS = 180_000

/** What the page shows and does beyond control's own API. Nothing runs while no page asks. */
export interface Dashboard extends AsyncDisposable {
  about(): DashboardAbout
  /** Asking is also the sign that a page is there. */
  state(since: number): DashboardState
  /** Undefined: done; otherwise why not. */
  setRate(rate: DashboardRate): Promise<string | undefined>
  loginPeople(): Promise<string | undefined>
  readonly visitor: VisitorDesk
  /** Compares with what it saw before: whoever stopped, paused or came back since goes into the event log. */
  notice(): void
}

export interface DashboardOptions {
  readonly control: Control
  readonly reader: PartReader
}

export function createDashboard({ control, reader }: DashboardOptions): Dashboard {
  const journal = createJournal()
  const people = createLoadPeople(reader)
  const proxyUrl = (): string | undefined => control.state().parts.find(({ kind }) => kind === 'proxy')?.url
  const generator = createLoadGenerator(proxyUrl, () => people.list)
  const sampler = createSampler(reader)
  const visitor = createVisitor()
  const desk = createVisitorDesk(control, visitor, journal)
  const samples: DashboardSample[] = []
  let before: ClusterState = control.state()
  let fault: DashboardState['fault'] = null
  let load: { ratePerS: DashboardRate; endsAtMs: number | null } = { ratePerS: 0, endsAtMs: null }
  let askedAtMs = 0
  let timer: NodeJS.Timeout | undefined
  let proxySeen: { pid: number | undefined; seq: number } = { pid: undefined, seq: 0 }
  let closed = false

  function stopLoad(why: string): void {
    if (load.ratePerS > 0) journal.add('load', why)
    load = { ratePerS: 0, endsAtMs: null }
    generator.setRate(0)
  }
  function notice(): void {
    const now = control.state()
    for (const part of now.parts) {
      const was = before.parts.find(({ id }) => id === part.id)?.condition
      if (was === undefined || was === part.condition) continue
      journal.add('cluster', `${part.id}: ${was} → ${part.condition}`)
      if (part.condition === 'stopped' || part.condition === 'paused')
        fault = { part: part.id, what: part.condition, atMs: Date.now() }
    }
    for (const link of now.links ?? []) noticeLink(link)
    if (now.mode !== before.mode) journal.add('cluster', `mode ${before.mode} → ${now.mode}`)
    before = now
  }
  function noticeLink({ from, to, condition }: LinkState): void {
    const was = before.links?.find((link) => link.from === from && link.to === to)?.condition
    const [now, then] = [linkWords(condition), linkWords(was ?? {})]
    if (now === then) return
    journal.add('cluster', `${from} → ${to}: ${now}`)
    if (now !== 'healthy') fault = { part: to, what: faultOf(condition), atMs: Date.now() }
  }
  async function readProxyEvents(state: ClusterState): Promise<void> {
    const proxy = state.parts.find(({ kind }) => kind === 'proxy')
    if (proxy === undefined) return
    // A new proxy counts from the start.
    if (proxy.pid !== proxySeen.pid) proxySeen = { pid: proxy.pid, seq: 0 }
    for (const event of (await reader.proxyEvents(proxy, proxySeen.seq)) ?? []) {
      proxySeen.seq = event.seq
      journal.add('proxy', [event.upstream, event.kind, event.detail].filter(Boolean).join(' '))
    }
  }
  async function followMode(state: ClusterState): Promise<void> {
    if (people.mode === null || people.mode === state.mode) return
    people.forget()
    if (load.ratePerS > 0) await loginPeople()
  }
  async function tick(): Promise<void> {
    notice()
    const state = control.state()
    await followMode(state)
    const [sample] = await Promise.all([
      sampler.sample(state, generator.take()),
      readProxyEvents(state),
      visitor.probe(state),
      people.look(state),
    ])
    // Numbered when it is there to be asked for, or a page that asked meanwhile would never get it.
    samples.push({ seq: journal.nextSeq(), ...sample })
    if (samples.length > SAMPLES_MAX) samples.shift()
  }
  async function round(): Promise<void> {
    const startedMs = performance.now()
    const watched = Date.now() - askedAtMs < WATCHED_MS
    if (!watched) stopLoad('the load stopped: the page has gone')
    else if (load.endsAtMs !== null && Date.now() > load.endsAtMs) stopLoad('the load stopped by itself')
    try {
      if (watched) await tick()
    } catch (error) {
      // Whatever happens to the page, control goes on.
      journal.add('cluster', `the dashboard could not look: ${error}`)
    }
    timer = undefined
    if (watched && !closed) timer = setTimeout(round, Math.max(50, TICK_MS - (performance.now() - startedMs)))
  }
  async function loginPeople(): Promise<string | undefined> {
    if (!(await people.login(control.state()))) return 'no node could log the people of the load in'
    journal.add('load', `${people.list.length} people logged in, in mode ${people.mode}`)
    return undefined
  }
  return {
    about: () => ({
      modes: MODE_NAMES.map((name) => ({
        name,
        summary: MODES[name].summary,
        needsRedis: MODES[name].needs.includes('redis'),
      })),
      rates: DASHBOARD_RATES,
      userId: VISITOR_USER,
      proxyUrl: proxyUrl() ?? null,
    }),
    state(since) {
      askedAtMs = Date.now()
      if (timer === undefined && !closed) timer = setTimeout(round, 0)
      return {
        nowMs: Date.now(),
        cluster: control.state(),
        samples: samples.filter(({ seq }) => seq > since),
        events: journal.since(since),
        seq: journal.lastSeq(),
        load: { ...load, mode: people.mode },
        people: people.summary(fault?.atMs),
        fault,
        pins: people.pins(),
        visitor: { ...visitor.view(), byPair: desk.byPair() },
      }
    },
    async setRate(rate) {
      if (rate === 0 && load.ratePerS === 0) return undefined
      if (rate > 0 && people.list.length === 0) {
        const problem = await loginPeople()
        if (problem !== undefined) return problem
      }
      load = { ratePerS: rate, endsAtMs: rate === 0 ? null : Date.now() + LOAD_MAX_MS }
      generator.setRate(rate)
      journal.add('load', rate === 0 ? 'the load is off' : `the load is ${rate} requests a second`)
      return undefined
    },
    loginPeople,
    visitor: desk,
    notice,
    async [Symbol.asyncDispose]() {
      closed = true
      clearTimeout(timer)
      await generator[Symbol.asyncDispose]()
    },
  }
}

/** What somebody finds who wants to reach the other end of such a link. */
function faultOf({ cut, silent }: LinkCondition): string {
  if (cut) return 'cut off'
  return silent ? 'silenced' : 'slowed'
}

import type { ClusterState } from '#contract/control.ts'
import type {
  DashboardAbout,
  DashboardPeople,
  DashboardRate,
  DashboardSample,
  DashboardState,
} from '#contract/dashboard.ts'
import { DASHBOARD_RATES } from '#contract/dashboard.ts'
import { MODE_NAMES, MODES } from '#contract/modes.ts'
import type { Control } from '../control.ts'
import { createFaultWatch } from './fault-watch.ts'
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
const NOBODY: DashboardPeople = {
  count: 0,
  loggedInAtMs: null,
  in: 0,
  lost: 0,
  unclear: 0,
  lostSinceFault: 0,
}

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
  const watch = createFaultWatch(() => control.state(), journal)
  let load: { ratePerS: DashboardRate; endsAtMs: number | null } = { ratePerS: 0, endsAtMs: null }
  let askedAtMs = 0
  let timer: NodeJS.Timeout | undefined
  let proxySeen: { pid: number | undefined; seq: number } = { pid: undefined, seq: 0 }
  let loggingIn = false
  let closed = false

  function stopLoad(why: string): void {
    if (load.ratePerS > 0) journal.add('load', why)
    load = { ratePerS: 0, endsAtMs: null }
    generator.setRate(0)
  }
  async function readProxyEvents(state: ClusterState): Promise<void> {
    const proxy = state.parts.find(({ kind }) => kind === 'proxy')
    if (proxy === undefined) return
    // A new proxy counts from the start; in a container it may have the pid of the old one.
    if (proxy.pid !== proxySeen.pid || proxy.condition === 'stopped') proxySeen = { pid: proxy.pid, seq: 0 }
    for (const event of (await reader.proxyEvents(proxy, proxySeen.seq)) ?? []) {
      proxySeen.seq = event.seq
      journal.add('proxy', [event.upstream, event.kind, event.detail].filter(Boolean).join(' '))
    }
  }
  /** Load without anybody logged in would be a rate that is shown and not sent. */
  async function keepPeople(state: ClusterState): Promise<void> {
    if (people.mode !== null && people.mode !== state.mode) people.forget()
    if (load.ratePerS === 0 || people.list.length > 0 || loggingIn) return
    loggingIn = true
    const problem = await loginPeople().finally(() => {
      loggingIn = false
    })
    if (problem !== undefined) stopLoad(`the load stopped: ${problem}`)
  }
  async function tick(): Promise<void> {
    watch.notice()
    const state = control.state()
    // Not waited for: nodes whose store is silent take their time, and are what is looked at meanwhile.
    keepPeople(state).catch(couldNotLook)
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
  /** Whatever happens to the page, control goes on. */
  function couldNotLook(error: unknown): void {
    journal.add('cluster', `the dashboard could not look: ${error}`)
  }
  async function round(): Promise<void> {
    const startedMs = performance.now()
    const watched = Date.now() - askedAtMs < WATCHED_MS
    if (!watched) stopLoad('the load stopped: the page has gone')
    else if (load.endsAtMs !== null && Date.now() > load.endsAtMs) stopLoad('the load stopped by itself')
    try {
      if (watched) await tick()
    } catch (error) {
      couldNotLook(error)
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
      const cluster = control.state()
      const fault = watch.fault()
      return {
        nowMs: Date.now(),
        cluster,
        samples: samples.filter(({ seq }) => seq > since),
        events: journal.since(since),
        seq: journal.lastSeq(),
        load: { ...load, mode: people.mode },
        // Whoever was logged in for an earlier mode is refused in this one, and not logged out by it.
        people: people.mode === cluster.mode ? people.summary(fault?.atMs) : NOBODY,
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
    notice: () => watch.notice(),
    async [Symbol.asyncDispose]() {
      closed = true
      clearTimeout(timer)
      await generator[Symbol.asyncDispose]()
    },
  }
}

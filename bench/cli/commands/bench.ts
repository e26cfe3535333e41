import { Command } from 'commander'
import { BENCH_SETTINGS, defaultRounds } from '#bench/experiment/bench-settings.ts'
import { runProxies } from '#bench/experiment/proxies/run-proxies.ts'
import { runExperiment } from '#bench/experiment/run-experiment.ts'
import { renderBench } from '#bench/report/terminal/bench-table.ts'
import { renderProxies } from '#bench/report/terminal/proxies-table.ts'
import { LAB } from '#contract/lab.ts'
import type { CommandContext } from '../command-context.ts'
import { commandLine } from '../command-line.ts'
import { finish, type OutputFlags } from '../finish.ts'
import { addLabFlags, type LabFlags, resolveLab } from '../lab-flags.ts'
import { addOutputFlags } from '../output-flags.ts'
import { oneOf, wholeNumber } from '../parse-options.ts'
import { showProgress } from '../show-progress.ts'

interface BenchFlags extends LabFlags, OutputFlags {
  proxies?: boolean
  via?: 'proxy' | 'nodes'
  connections?: number
  rate?: number
  rounds?: number
  windowMs?: number
  warmUpMs?: number
  seed?: number
}

const EXAMPLES = `
Examples:
  stillin bench
  stillin bench --via nodes --nodes 1 --modes redis,jwt
  stillin bench --forwarder undici --rate 500 --rounds 12
  stillin bench --proxies`

/** `stillin bench`: what a lookup costs in each mode, in paired rounds, with intervals. */
export function benchCommand(context: CommandContext): Command {
  const command = addLabFlags(new Command('bench'))
    .description('what a lookup costs in each mode: CPU by tier, throughput, latency, bytes')
    .option('--proxies', 'compare proxies instead: both forwarders, and HAProxy and nginx where installed')
    .option(
      '--via <entrance>',
      'the equal-rate load goes through the proxy, or to the nodes (proxy)',
      oneOf(['proxy', 'nodes']),
    )
    .option(
      '--connections <count>',
      `connections of the load generator (${LAB.connections})`,
      wholeNumber(2, 1000),
    )
    .option(
      '--rate <per second>',
      'the equal rate (0.3 of what the slowest mode can do)',
      wholeNumber(1, 100_000),
    )
    .option(
      '--rounds <count>',
      'rounds; fewer than 6 give no interval (8; 12 for more than six comparisons)',
      wholeNumber(1, 40),
    )
    .option('--window-ms <ms>', `length of a window (${BENCH_SETTINGS.windowMs})`, wholeNumber(100, 60_000))
    .option(
      '--warm-up-ms <ms>',
      `longest warm-up of a mode (${BENCH_SETTINGS.warmUpMaxMs})`,
      wholeNumber(100, 60_000),
    )
  return addOutputFlags(command)
    .addHelpText('after', EXAMPLES)
    .action((flags: BenchFlags) => bench(context, flags))
}

async function bench(context: CommandContext, flags: BenchFlags): Promise<void> {
  const {
    proxies = false,
    via = 'proxy',
    connections = LAB.connections,
    rate,
    rounds,
    windowMs,
    warmUpMs,
    seed = 1,
    json,
    out,
    ...labFlags
  } = flags
  const lab = resolveLab(labFlags, context)
  using progress = showProgress(context)
  const settings = {
    ...BENCH_SETTINGS,
    rounds: rounds ?? (proxies ? 8 : defaultRounds(lab.modes)),
    ...(windowMs === undefined ? {} : { windowMs }),
    ...(warmUpMs === undefined ? {} : { warmUpMaxMs: warmUpMs }),
  }
  if (proxies) {
    const command = commandLine('bench --proxies', lab, {
      connections: connections === LAB.connections ? undefined : connections,
      rate,
      rounds,
      'window-ms': windowMs,
      'warm-up-ms': warmUpMs,
      seed,
    })
    const costs = { ...settings, via, connections, ratePerS: rate, seed }
    // Any mode will do: the route that is asked knows none. `local` needs no Redis.
    const result = await runProxies(
      { lab: { ...lab, modes: ['local'] }, settings: costs, command },
      progress,
      context.signal,
    )
    progress.pause()
    await finish(context, { result, history: [] }, renderProxies, { json, out })
    return
  }
  const done = await runExperiment(
    {
      kind: 'bench',
      lab,
      seed,
      command: commandLine('bench', lab, {
        via: via === 'proxy' ? undefined : via,
        connections: connections === LAB.connections ? undefined : connections,
        rate,
        rounds,
        'window-ms': windowMs,
        'warm-up-ms': warmUpMs,
        seed,
      }),
      costs: { ...settings, via, connections, ratePerS: rate, users: connections * 8, seed },
      failures: undefined,
    },
    progress,
    context.signal,
  )
  progress.pause()
  await finish(context, done, renderBench, { json, out })
}

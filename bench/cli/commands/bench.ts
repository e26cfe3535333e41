import { Command } from 'commander'
import { runProxies } from '#bench/experiment/proxies/run-proxies.ts'
import { runExperiment } from '#bench/experiment/run-experiment.ts'
import { renderBench } from '#bench/report/terminal/bench-table.ts'
import { renderProxies } from '#bench/report/terminal/proxies-table.ts'
import { findK6 } from '#cluster/k6/run-k6.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import { RENEWALS, type Renewal } from '#contract/renewal.ts'
import type { CommandContext } from '../command-context.ts'
import { commandLine } from '../command-line.ts'
import { finish, type OutputFlags } from '../finish.ts'
import { benchOfForeign } from '../foreign/bench.ts'
import { foreignService, refuseOnForeign } from '../foreign/foreign-service.ts'
import { addLabFlags, type LabFlags, resolveLab } from '../lab-flags.ts'
import { addLoadFlags, type LoadFlags, loadWords, resolveLoad } from '../load-flags.ts'
import { addOutputFlags } from '../output-flags.ts'
import { listOf, oneOf } from '../parse-options.ts'
import { addLifetimeFlags } from '../renewal-flags.ts'
import { renewalsOfMix, resolveRenewals, startedAs } from '../resolve-renewals.ts'
import { showProgress } from '../show-progress.ts'

interface BenchFlags extends Omit<LabFlags, 'renewal'>, LoadFlags, OutputFlags {
  renewal?: readonly Renewal[]
  proxies?: boolean
  generator?: 'open' | 'k6'
  seed?: number
}

const EXAMPLES = `
Examples:
  stillin bench
  stillin bench --via nodes --nodes 1 --modes redis,jwt
  stillin bench --forwarder undici --rate 500 --rounds 12
  stillin bench --mix lookup=94,write=4,refresh=1,login=1 --payload 1024
  stillin bench --modes redis --sessions 1000000
  stillin bench --thorough
  stillin bench --modes redis,jwt --generator k6
  stillin bench --modes redis,cookie,jwt --renewal fixed,rolling,pair
  stillin bench --proxies`

/** `stillin bench`: what a lookup costs in each mode, in paired rounds, with intervals. */
export function benchCommand(context: CommandContext): Command {
  const command = addLifetimeFlags(addLabFlags(new Command('bench')))
    .description('what a lookup costs in each mode: CPU by tier, throughput, latency, bytes')
    .option(
      '--generator <name>',
      'k6: put k6 beside the open loop at the end, at the same rate (open)',
      oneOf(['open', 'k6']),
    )
    .option('--proxies', 'compare proxies instead: both forwarders, and HAProxy and nginx where installed')
    .option(
      '--renewal <list>',
      'ways to make a login last, side by side: fixed, rolling, pair (fixed); pair adds what a refresh costs',
      listOf(oneOf(RENEWALS)),
    )
  return addOutputFlags(addLoadFlags(command))
    .addHelpText('after', EXAMPLES)
    .action((flags: BenchFlags) => bench(context, flags))
}

async function bench(context: CommandContext, flags: BenchFlags): Promise<void> {
  const service = foreignService(flags.cluster)
  if (service) {
    refuseOnForeign(flags, ['rate', 'connections', 'rounds', 'windowMs', 'seed', 'json', 'out'])
    return benchOfForeign(context, service, flags)
  }
  const { proxies = false, generator = 'open', seed = 1, json, out } = flags
  if (proxies) demandPlain(flags)
  const { renewal: asked, ...others } = flags
  // A cluster that runs already renews as it was started to.
  const renewal = flags.cluster === undefined ? renewalsOfMix(flags.mix ?? {}, asked) : asked
  const started = resolveLab({ ...others, ...startedAs(renewal) }, context)
  const { lab: planned, renewals } = resolveRenewals(started, renewal)
  const { lab, costs } = resolveLoad(flags, planned, seed, proxies ? [] : planned.modes, renewals)
  const words = { ...loadWords(flags), seed }
  // Found before anything is measured: an hour later would be too late to say that it is not there.
  const k6 = generator === 'k6' && !proxies ? await findK6() : undefined
  using progress = showProgress(context)
  if (proxies) {
    const command = commandLine('bench --proxies', planned, words)
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
  const named = generator === 'k6' ? { ...words, generator } : words
  const command = commandLine('bench', planned, named)
  const done = await runExperiment(
    { kind: 'bench', lab, seed, command, costs, k6, failures: undefined },
    progress,
    context.signal,
  )
  progress.pause()
  await finish(context, done, renderBench, { json, out })
}

/** Proxies are compared on a route that knows no logins, with one stack. */
function demandPlain({ thorough, sessions, payload, mix, renewal }: BenchFlags): void {
  const given = Object.entries({ thorough, sessions, payload, mix, renewal }).find(([, value]) => value)
  if (!given) return
  throw new StillinError(`--${given[0]} has no meaning with --proxies`, {
    exitCode: EXIT.usage,
    hint: 'They are compared on a route without logins; leave it out.',
  })
}

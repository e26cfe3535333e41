import { Command, InvalidArgumentError } from 'commander'
import { type Listen, startProxy, type Upstream } from '#cluster/standalone-proxy.ts'
import { type ForwarderName, PROXY_ALGORITHMS, type ProxyAlgorithm } from '#contract/environment.ts'
import { EXIT, StillinError } from '#contract/errors.ts'
import type { CommandContext } from '../command-context.ts'
import { resolveSettings } from '../config.ts'
import { oneOf, repeated, setting, wholeNumber } from '../parse-options.ts'

interface ProxyFlags {
  listen: Listen
  upstream?: Upstream[]
  balancer: ProxyAlgorithm
  affinity: string
  forwarder?: ForwarderName
  admin?: number
}

const EXAMPLES = `
Examples:
  stillin proxy --upstream http://127.0.0.1:3001 --upstream http://127.0.0.1:3002
  stillin proxy --listen 127.0.0.1:8081 --upstream a=http://10.0.0.1:80 --affinity cookie
  stillin proxy --upstream http://web:3000 --balancer power-of-two --affinity hash:user --admin 9000`

/** `stillin proxy`: the reverse proxy alone, in front of anything. */
export function proxyCommand(context: CommandContext): Command {
  return new Command('proxy')
    .description('run the reverse proxy alone, in front of anything')
    .option('--listen <host:port>', 'where it listens', parseListen, { host: '127.0.0.1', port: 8080 })
    .option('--upstream <[id=]url>', 'where it forwards to; repeat it for each', repeated(parseUpstream))
    .option('--balancer <name>', PROXY_ALGORITHMS.join(', '), oneOf(PROXY_ALGORITHMS), 'round-robin')
    .option(
      '--affinity <name>',
      'what binds a user to an upstream: none, cookie, hash:COOKIE or hash:header:NAME',
      parseAffinity,
      'none',
    )
    .option('--forwarder <name>', 'http-proxy or undici (http-proxy)', setting('forwarder'))
    .option(
      '--admin <port>',
      'port of the private listener on 127.0.0.1 (a free one)',
      wholeNumber(1, 65_535),
    )
    .addHelpText('after', EXAMPLES)
    .action(async ({ upstream: upstreams = [], listen, balancer, affinity, admin, ...flags }: ProxyFlags) => {
      const { forwarder } = resolveSettings(flags, context)
      if (upstreams.length === 0) {
        throw new StillinError('--upstream is missing: there is nothing to forward to', {
          exitCode: EXIT.usage,
        })
      }
      const named = upstreams.map((upstream, index) => ({ id: `upstream-${index + 1}`, ...upstream }))
      await using proxy = await startProxy({
        listen,
        upstreams: named,
        balancer,
        affinity,
        adminPort: admin,
        forwarder,
        signal: context.signal,
      })
      context.print(`proxy at ${proxy.url}, admin at ${proxy.adminUrl} (bearer token ${proxy.adminToken})`)
      const interrupted = new Promise<void>((resolve) => {
        if (context.signal.aborted) resolve()
        context.signal.addEventListener('abort', () => resolve(), { once: true })
      })
      const ended = await Promise.race([interrupted, proxy.ended])
      if (ended !== undefined) throw new StillinError(`the proxy ended: ${ended}`)
      // A signal is how a server is told to end; that it finishes what is in flight first is its success.
      context.note('finishing what is in flight')
    })
}

function parseListen(text: string): Listen {
  const match = /^(?:(\[[0-9a-fA-F:]+\]|[^:[\]]+):)?(\d{1,5})$/.exec(text)
  const port = Number(match?.[2])
  if (match === null || port > 65_535) throw new InvalidArgumentError('It must be like 127.0.0.1:8080.')
  return { host: (match[1] ?? '127.0.0.1').replace(/^\[|\]$/g, ''), port }
}

function parseAffinity(text: string): string {
  if (!/^(?:none|cookie|hash:(?:header:)?[!#$%&'*+.^_`|~0-9A-Za-z-]+)$/.test(text))
    throw new InvalidArgumentError('It must be none, cookie, hash:COOKIE or hash:header:NAME.')
  return text
}

function parseUpstream(text: string): { id?: string; url: string } {
  const [, id, address = ''] = /^(?:([a-z0-9][a-z0-9-]*)=)?(.*)$/.exec(text) ?? []
  const url = URL.parse(address)
  if (url?.protocol !== 'http:' || url.pathname !== '/' || url.search !== '') {
    throw new InvalidArgumentError('It must be like http://127.0.0.1:3001 or name=http://127.0.0.1:3001.')
  }
  return { url: url.origin, ...(id === undefined ? {} : { id }) }
}

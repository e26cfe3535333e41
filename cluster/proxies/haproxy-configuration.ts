import type { ProxyPlan } from './proxy-plan.ts'

/** HAProxy doing what our own proxy does: same balancing, checks, retries, limits and forwarding headers, one thread. */
export function haproxyConfiguration({ port, nodes }: ProxyPlan): string {
  const servers = nodes.map(({ id, port: at }) => `    server ${id} 127.0.0.1:${at}`).join('\n')
  return `# HAProxy as \`stillin bench --proxies\` runs it. Generated: cluster/proxies/haproxy-configuration.ts.
global
    nbthread 1
    maxconn 4096

defaults
    mode http
    option http-keep-alive
    option redispatch 1
    retries 1
    retry-on conn-failure empty-response
    timeout connect 1s
    timeout server 15s
    timeout client 65s
    timeout http-request 10s
    timeout http-keep-alive 65s

frontend public
    bind 127.0.0.1:${port}
    # A request that was sent is repeated only where that changes nothing.
    http-request disable-l7-retry unless METH_GET or METH_HEAD or METH_OPTIONS
    http-request del-header X-Forwarded-For
    http-request set-header X-Forwarded-Proto http
    http-request set-header X-Forwarded-Host %[req.hdr(Host)]
    http-request set-header X-Request-Id %[uuid()]
    option forwardfor
    default_backend nodes

backend nodes
    balance roundrobin
    http-reuse always
    option httpchk GET /livez
    timeout check 500ms
    default-server check inter 1s fastinter 250ms fall 3 rise 2 pool-purge-delay 4s
${servers}
`
}

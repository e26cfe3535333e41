import type { ProxyPlan } from './proxy-plan.ts'

/** nginx doing what our own proxy does, as far as it can: it has no active checks. One worker, no access log. */
export function nginxConfiguration({ port, nodes }: ProxyPlan): string {
  const servers = nodes
    .map(({ port: at }) => `        server 127.0.0.1:${at} max_fails=3 fail_timeout=5s;`)
    .join('\n')
  return `# nginx as \`stillin bench --proxies\` runs it. Generated: cluster/proxies/nginx-configuration.ts.
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr error;

events {
    worker_connections 8192;
}

http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    keepalive_timeout 65s;
    keepalive_requests 1000000000;
    client_header_timeout 10s;
    client_max_body_size 1m;
    tcp_nodelay on;

    upstream nodes {
${servers}
        keepalive 512;
        keepalive_timeout 4s;
        keepalive_requests 1000000000;
    }

    server {
        listen 127.0.0.1:${port} backlog=1024;

        location / {
            proxy_pass http://nodes;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto http;
            proxy_set_header X-Forwarded-Host $http_host;
            proxy_set_header X-Request-Id $request_id;
            proxy_connect_timeout 1s;
            proxy_read_timeout 15s;
            proxy_next_upstream error timeout;
            proxy_next_upstream_tries 2;
        }
    }
}
`
}

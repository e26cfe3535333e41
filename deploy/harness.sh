#!/bin/sh
# harness COMMAND…: the stillin command inside the Compose project, on the cluster that runs there.
# Which parts there are is asked of control; what they were started with comes from docker-compose.yml.
set -eu
cat > /tmp/attach.json <<JSON
{
  "name": "Compose project, from inside",
  "control": { "url": "http://control:9090", "tokenFile": "/var/lib/stillin/keys/control-token" },
  "adminTokenFile": "/var/lib/stillin/keys/admin-token",
  "redisUrl": "redis://redis:6379",
  "settings": {
    "users": $LAB_USERS,
    "forwarder": "$LAB_FORWARDER",
    "jwtAlgorithm": "$LAB_JWT_ALGORITHM",
    "jwtVerifier": "$LAB_JWT_VERIFIER"
  }
}
JSON
cd /var/lib/stillin/results
exec node /app/bin/stillin.mjs "$@" --cluster attach:/tmp/attach.json

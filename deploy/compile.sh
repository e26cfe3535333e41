#!/bin/sh
# Starts each part once and ends it, so that what it loads is compiled into NODE_COMPILE_CACHE. Part of building the image.
set -eu
folder=$(mktemp -d)
node bin/stillin.mjs keys create "$folder/ring.json" --token "$folder/token" >/dev/null
export STILLIN_KEYS_FILE="$folder/ring.json" STILLIN_ADMIN_TOKEN_FILE="$folder/token" STILLIN_MODE=redis STILLIN_PORT=0

# Ends the program when it answers; a part ends in good order on SIGTERM and writes its cache then.
run() {
  "$@" &
  pid=$!
  sleep 4
  kill -TERM "$pid"
  wait "$pid" || test $? -eq 143
}
STILLIN_ADMIN_PORT=0 STILLIN_NODE_ID=node-1 STILLIN_DIRECTORY_FILE="$folder/users.sqlite" STILLIN_USERS=1 \
  STILLIN_REDIS_URL=redis://127.0.0.1:1 STILLIN_PEERS=none run node services/auth/main.ts
STILLIN_ADMIN_PORT=0 STILLIN_UPSTREAMS=node-1=http://127.0.0.1:1 run node proxy/main.ts
STILLIN_CONTROL_TOKEN_FILE="$folder/token" run node services/control/main.ts
rm -rf "$folder"

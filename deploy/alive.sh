#!/bin/bash
# alive.sh PORT: does the part in this container answer GET /livez? A shell's own socket: a check every second or two
# that started a Node process would cost more CPU than some of what is measured here.
set -eu
exec 3<>"/dev/tcp/127.0.0.1/$1"
printf 'GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3
IFS= read -r -t 2 status <&3
[[ $status == 'HTTP/1.1 200'* ]]

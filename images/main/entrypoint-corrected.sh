#!/usr/bin/env bash
# The variant of entrypoint.sh that stops gracefully: it waits in short steps, for an answer instead of an open port,
# and hands PID 1 over to node, which then gets SIGTERM itself.
. /usr/local/lib/container-start.sh

show_motd "example site: main container. App on port ${APPPORT:-9000}, SSH on port 2222."

# Without a trap PID 1 ignores SIGTERM. Nothing is under way yet that would have to be finished.
trap 'log "SIGTERM received while waiting"; exit 0' TERM

printenv

append_environment_to /etc/profile

start_sshd

# 204 once daprd can call out; it does not wait for the app, so this cannot deadlock. /v1.0/healthz would.
sidecar_answers() {
  printf 'GET /v1.0/healthz/outbound HTTP/1.0\r\nHost: localhost\r\n\r\n' |
    nc -w 1 localhost 3500 | grep -q '^HTTP/1\.[01] 204 '
}

log "waiting for the Dapr sidecar's outbound health on port 3500"
until sidecar_answers; do
  sleep 0.2
done
log "the Dapr sidecar is ready, starting the app"

exec node /app/dist/index.js

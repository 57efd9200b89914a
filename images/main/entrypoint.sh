#!/usr/bin/env bash
# The main container's entrypoint as written: it waits for the sidecar's port before it starts the app.
# The shell stays PID 1 and node runs in its foreground, so the trap runs only once node has ended.
# entrypoint-corrected.sh is the variant that stops gracefully.
. /usr/local/lib/container-start.sh

show_motd "example site: main container. App on port ${APPPORT:-9000}, SSH on port 2222."

trap 'log "SIGTERM received"' TERM

printenv

append_environment_to /etc/profile

start_sshd

until nc -z localhost 3500; do
  log "waiting for the Dapr sidecar on port 3500"
  sleep 5
done
log "the Dapr sidecar listens on port 3500, starting the app"

node /app/dist/index.js

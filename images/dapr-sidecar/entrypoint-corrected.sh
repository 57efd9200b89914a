#!/usr/bin/env bash
# The variant of entrypoint.sh that stops gracefully: it hands PID 1 over to daprd, which then gets SIGTERM itself.
. /usr/local/lib/container-start.sh

show_motd "example site: Dapr sidecar. HTTP on port 3500, gRPC on port 50001, SSH on port 2223."

append_environment_to /etc/profile

start_sshd

exec /root/.dapr/bin/daprd \
  --resources-path /root/.dapr/components \
  --log-level "${DAPR_LOGLEVEL:-debug}" \
  --enable-api-logging \
  --log-as-json \
  --app-id "${APPID:-main}" \
  --app-port "${APPPORT:-9000}"

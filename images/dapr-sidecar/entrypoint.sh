#!/usr/bin/env bash
# The Dapr sidecar's entrypoint as written: the shell stays PID 1 without a trap, so SIGTERM is ignored and daprd is
# killed at the end of the grace period. entrypoint-corrected.sh is the variant that stops gracefully.
. /usr/local/lib/container-start.sh

show_motd "example site: Dapr sidecar. HTTP on port 3500, gRPC on port 50001, SSH on port 2223."

append_environment_to /etc/profile

start_sshd

/root/.dapr/bin/daprd \
  --resources-path /root/.dapr/components \
  --log-level "${DAPR_LOGLEVEL:-debug}" \
  --enable-api-logging \
  --log-as-json \
  --app-id "${APPID:-main}" \
  --app-port "${APPPORT:-9000}"
# --enable-metrics --enable-app-health-check --app-health-check-path /.internal/healthz

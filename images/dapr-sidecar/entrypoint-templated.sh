#!/usr/bin/env bash
# The variant of entrypoint.sh that fills app settings into the component files: @NAME@ in a template becomes the value of
# the environment variable NAME. A template that names a variable which is not set ends the container.
. /usr/local/lib/container-start.sh

set -euo pipefail

show_motd "example site: Dapr sidecar. HTTP on port 3500, gRPC on port 50001, SSH on port 2223."

append_environment_to /etc/profile

start_sshd

mkdir -p /root/.dapr/filled
for template in "${COMPONENT_TEMPLATES:-/root/.dapr/templates}"/*.yaml; do
  filled=/root/.dapr/filled/$(basename "$template")
  cp "$template" "$filled"
  for name in $(grep -o '@[A-Z][A-Z0-9_]*@' "$template" | tr -d @ | sort -u || true); do
    if [[ -z ${!name:-} ]]; then
      log "$template names $name, which is not set" >&2
      exit 1
    fi
    value=$(printf '%s' "${!name}" | sed 's/[\\&|]/\\&/g')
    sed -i "s|@$name@|$value|g" "$filled"
  done
done

exec /root/.dapr/bin/daprd \
  --resources-path /root/.dapr/filled \
  --log-level "${DAPR_LOGLEVEL:-debug}" \
  --enable-api-logging \
  --log-as-json \
  --app-id "${APPID:-main}" \
  --app-port "${APPPORT:-9000}"

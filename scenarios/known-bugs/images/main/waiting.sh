#!/usr/bin/env bash
# The bug: waits for the sidecar's port without a limit. A sidecar that has ended for good is waited for as long.
trap 'exit 0' TERM
until (exec 3<>/dev/tcp/127.0.0.1/3500) 2>/dev/null; do
  echo "waiting for the Dapr sidecar on port 3500"
  sleep 1 &
  wait $!
done
exec node /app/index.js good

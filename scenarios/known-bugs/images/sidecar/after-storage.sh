#!/usr/bin/env bash
# daprd after storage: its init gives up on a storage that is late (daprd.md §1.3), and nobody starts it again.
trap 'exit 0' TERM INT

until (exec 3<>/dev/tcp/knownbugs.blob.core.windows.net/443) 2>/dev/null; do sleep 0.2; done
exec /daprd "$@"

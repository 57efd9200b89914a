#!/usr/bin/env bash
# Keeps a daprd running: App Service knows no restart policy, and ends a start whose sidecar ends. SIGTERM is daprd's to
# finish; its exit code is this one's.
stopping=
daprd=
trap 'stopping=yes; [[ -z $daprd ]] || kill -TERM "$daprd"' TERM INT

while :; do
  /daprd "$@" &
  daprd=$!
  # It came before there was a daprd to hand it to.
  [[ -z $stopping ]] || kill -TERM "$daprd"
  # A signal ends the wait before daprd has ended.
  until wait "$daprd"; code=$?; ! kill -0 "$daprd" 2>/dev/null; do :; done
  daprd=
  [[ -z $stopping ]] || exit "$code"
  echo "daprd has ended with $code; it is started again in 0.5 s"
  sleep 0.5 &
  wait $!
  [[ -z $stopping ]] || exit 0
done

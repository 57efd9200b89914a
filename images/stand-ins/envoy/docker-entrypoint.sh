#!/bin/sh
# As upstream's: arguments alone are Envoy's, and Envoy does not run as root.
set -e
case "$1" in
  -*) set -- envoy "$@" ;;
esac
if [ "$1" = envoy ] && [ "$(id -u)" = 0 ]; then
  exec setpriv --reuid envoy --regid envoy --init-groups -- "$@"
fi
exec "$@"

#!/bin/sh
# Run by mmdebstrap on the finished root ($1): what the official Debian images do, and nothing of this machine kept.
set -eu
root="$1"

# Packages that are installed into an image must not start services.
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 0755 "$root/usr/sbin/policy-rc.d"

# mmdebstrap copies these from the machine it runs on.
: > "$root/etc/resolv.conf"
printf 'localhost\n' > "$root/etc/hostname"

rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/log/*.log "$root"/var/log/apt/* \
  "$root"/var/cache/ldconfig/aux-cache "$root"/usr/share/locale/[a-z]*_*

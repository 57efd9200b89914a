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

# dpkg.conf leaves these out of whatever is installed later; the first packages are unpacked without dpkg.
find "$root/usr/share/doc" -type f ! -name copyright -delete
find "$root/usr/share/doc" -type l -delete
find "$root/usr/share/doc" -depth -type d -empty -delete
for folder in info man groff lintian linda; do
  if [ -d "$root/usr/share/$folder" ]; then find "$root/usr/share/$folder" -mindepth 1 -delete; fi
done
find "$root/usr/share/locale" -mindepth 1 ! -name locale.alias -delete
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/cache/ldconfig/aux-cache \
  "$root"/var/log/*.log "$root"/var/log/apt/*

/**
 * What the keeper runs: a shell script, so that nothing but a shell and coreutils is needed in its image and next to no
 * memory. It makes the instance's control group and sets its limits, then answers on its standard input and tells
 * what the kernel logs of the group; when its input ends (the harness let go, or died) it waits until the
 * group's containers are gone, removes the group and ends.
 *
 * Environment: `GROUP` (the group's name below each hierarchy), `VERSION` (1 or 2), `DRIVER` (`cgroupfs` or `systemd`), `MEMORY`
 * (bytes), `QUOTA` and `PERIOD` (microseconds of processor time).
 * Input: `read <token>` is answered with everything the kernel logged so far, then `read <token>`.
 */
export const KEEPER_SCRIPT = `
set -eu
root=/sys/fs/cgroup

# With the systemd driver the tree is systemd's: only what it was told stays.
host() { nsenter --target 1 --mount --uts --ipc --net -- "$@"; }
manager() {
  host busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager "$@" >/dev/null
}

make_slice() {
  per_second=$((QUOTA * 1000000 / PERIOD))
  if [ "$VERSION" = 2 ]; then
    manager StartTransientUnit 'ssa(sv)a(sa(sv))' "$GROUP" fail 3 \\
      MemoryMax t "$MEMORY" MemorySwapMax t 0 CPUQuotaPerSecUSec t "$per_second" 0
  else
    manager StartTransientUnit 'ssa(sv)a(sa(sv))' "$GROUP" fail 2 \\
      MemoryLimit t "$MEMORY" CPUQuotaPerSecUSec t "$per_second" 0
  fi
  # The job is done a moment after the call.
  tries=0
  until [ -d "$memory" ] || [ "$tries" = 50 ]; do tries=$((tries + 1)); sleep 0.1; done
}

gone() {
  if [ "$DRIVER" = systemd ]; then
    # Stopping a slice would stop what is in it.
    if [ -n "$(find "$root/$GROUP" "$root/memory/$GROUP" -mindepth 1 -type d 2>/dev/null)" ]; then return 1; fi
    manager StopUnit ss "$GROUP" replace 2>/dev/null || true
  fi
  for group in "$root/$GROUP" "$root"/*/"$GROUP"; do
    if [ -d "$group" ]; then
      # Groups that hold containers refuse; what is empty goes, deepest first.
      find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || return 1
    fi
  done
}
# Half of the limits are none.
trap 'gone || true' EXIT
# Interrupts the reading of questions below.
trap : TERM

if [ "$VERSION" = 2 ]; then
  memory=$root/$GROUP cpu=$root/$GROUP
  if [ "$DRIVER" = systemd ]; then make_slice; else
    echo '+cpu +memory' > $root/cgroup.subtree_control
    mkdir "$memory"
    echo "$MEMORY" > "$memory/memory.max"
    echo "$QUOTA $PERIOD" > "$cpu/cpu.max"
    if [ -e "$memory/memory.swap.max" ]; then echo 0 > "$memory/memory.swap.max"; fi
  fi
  limit=$(cat "$memory/memory.max")
  quota=$(cat "$cpu/cpu.max")
else
  memory=$root/memory/$GROUP cpu=$root/cpu/$GROUP
  if [ "$DRIVER" = systemd ]; then make_slice; else
    mkdir "$memory" "$cpu"
    # Before there are children: without it each of them would have a limit of its own, that is none.
    if [ "$(cat "$memory/memory.use_hierarchy")" = 0 ]; then echo 1 > "$memory/memory.use_hierarchy"; fi
    echo "$MEMORY" > "$memory/memory.limit_in_bytes"
    echo "$PERIOD" > "$cpu/cpu.cfs_period_us"
    echo "$QUOTA" > "$cpu/cpu.cfs_quota_us"
  fi
  # Memory and swap together no more than memory alone: no swap.
  if [ -e "$memory/memory.memsw.limit_in_bytes" ]; then echo "$MEMORY" > "$memory/memory.memsw.limit_in_bytes"
  else echo 0 > "$memory/memory.swappiness"; fi
  limit=$(cat "$memory/memory.limit_in_bytes")
  quota="$(cat "$cpu/cpu.cfs_quota_us") $(cat "$cpu/cpu.cfs_period_us")"
fi

# One record of the kernel's log a line; what is in a group below ours, or what ours made happen.
ours() { grep --text --line-buffered -E "oom-kill:.*task_memcg=[^,]*/$GROUP/" || true; }

# The log has to be readable: it alone says which container a shared limit hit.
dd if=/dev/kmsg of=/dev/null bs=8192 count=1 2>/dev/null
# Starts over when the kernel overwrote what was being read; each record has its number.
while :; do cat /dev/kmsg 2>/dev/null; sleep 1; done | ours &
echo "ready $limit $quota"

while read -r word token; do
  { dd if=/dev/kmsg iflag=nonblock bs=8192 2>/dev/null || true; } | ours
  echo "$word $token"
done

# While containers are in the group it can't be removed, and has to go on limiting them.
until gone; do sleep 0.2; done
`;

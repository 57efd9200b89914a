# Sourced by the entrypoints of main and of the Dapr sidecar: what both do before their program starts.
# Needs bash.

# show_motd TEXT: writes /etc/motd and prints it.
show_motd() {
  printf '%s\n' "$1" >/etc/motd
  cat /etc/motd
}

# export_statements: reads NUL-separated NAME=value pairs and prints each as a shell `export`.
# Leaves out what no shell could assign (names that are no identifiers, bash's read-only names) and what describes the
# running shell rather than the container. Works on bytes, so a value need not be valid in any encoding.
export_statements() {
  local LC_ALL=C entry name value
  while IFS= read -r -d '' entry; do
    name=${entry%%=*}
    [[ $name =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] || continue
    case $name in
      _ | PWD | OLDPWD | SHLVL) continue ;;
      BASHOPTS | BASH_VERSINFO | EUID | PPID | SHELLOPTS | UID) continue ;;
    esac
    value=${entry#*=}
    value=${value//\\/\\\\} # first, or it would escape the backslashes that the next three add
    value=${value//\"/\\\"}
    value=${value//\$/\\\$}
    value=${value//\`/\\\`}
    printf 'export %s="%s"\n' "$name" "$value"
  done
}

# append_environment_to FILE: appends every environment variable as an `export`, so that SSH sessions, which sshd starts
# with an empty environment, see the app settings. A container that is started again appends again; the later lines win,
# and nobody can change a container's environment between two starts, so they say the same.
append_environment_to() {
  env -0 | export_statements >>"$1"
}

# start_sshd: starts the SSH server in the background, with the image's own /etc/ssh/sshd_config.
start_sshd() {
  mkdir -p /run/sshd
  /usr/sbin/sshd
}

# container_id: the id that the kernel's control groups name. Under cgroup v2 they name none; then the files that the
# engine mounts do, though in a shared network namespace these are the files of the container that owns the namespace.
container_id() {
  {
    grep -oE '[0-9a-f]{64}' /proc/self/cgroup ||
      grep -oP '/containers/\K[0-9a-f]{64}' /proc/self/mountinfo ||
      printf '%s\n' "$HOSTNAME"
  } | head -n 1
}

# log TEXT: prints an ISO timestamp with zone, the container's id and the text.
log() {
  printf '%s %s %s\n' "$(date --iso-8601=seconds)" "$(container_id)" "$1"
}

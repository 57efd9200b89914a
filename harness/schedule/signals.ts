/** Signals that a container can be sent: by name, as `docker kill` takes them. */
export const SIGNALS = [
  "SIGKILL",
  "SIGTERM",
  "SIGINT",
  "SIGQUIT",
  "SIGHUP",
  "SIGABRT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGSTOP",
  "SIGCONT",
] as const;

export type SignalName = (typeof SIGNALS)[number];

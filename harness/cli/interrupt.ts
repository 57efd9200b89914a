/**
 * One Ctrl-C in a terminal can arrive twice: from the terminal, which sends it to every process of the group, and from
 * npm, which hands its own on (npm 11.19, run-script's signal-manager). A second one counts as meant after this.
 */
const ECHO_MS = 1000;

const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Exit code of a process that SIGINT ended, as shells tell it. */
const EXIT_ON_SIGINT = 130;

/**
 * The first SIGINT, SIGTERM or SIGHUP (the terminal was closed) asks for a graceful end, through the signal; so does a
 * reader of the output that goes away (`sitecar up | head`). A later SIGINT ends the process at once, and what it
 * leaves is removed by the next start.
 */
export function interruptible(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  let askedAtMs = 0;
  const end = (reason: string): void => {
    askedAtMs = performance.now();
    controller.abort(new Interrupted(reason));
  };
  const onSignal = (name: NodeJS.Signals): void => {
    if (!controller.signal.aborted) end(name);
    else if (name === "SIGINT" && performance.now() - askedAtMs > ECHO_MS) process.exit(EXIT_ON_SIGINT);
  };
  // Without a listener this error would end the process with everything still running.
  const onOutputError = (error: NodeJS.ErrnoException): void => {
    if (!controller.signal.aborted) end(`its output (${error.code ?? error.message})`);
  };
  for (const name of ENDING_SIGNALS) process.on(name, onSignal);
  process.stdout.on("error", onOutputError);
  return {
    signal: controller.signal,
    release() {
      for (const name of ENDING_SIGNALS) process.off(name, onSignal);
      process.stdout.off("error", onOutputError);
    },
  };
}

/** The user, or the system, ended the command. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  constructor(by: string) {
    super(`ended by ${by}`);
  }
}

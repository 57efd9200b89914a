import type { DaprComponent } from "../dapr/component-files.ts";
import { STORAGE } from "../schedule/schedule.ts";
import type { Evidence } from "./diagnosis.ts";
import { fromEvent, inSeconds } from "./evidence.ts";
import type { Daprd, Look } from "./look.ts";

/** What kept a component from being initialised, which daprd's message does not say. */
export interface Hindrance {
  /** Goes on after `because`. */
  readonly because: string;
  readonly evidence: readonly Evidence[];
  readonly kind: "storage-name" | "storage-late" | "fault" | "identity" | "certificate";
  /** Each try fails at once, instead of waiting for an answer. */
  readonly refuses?: boolean;
  /** How long after daprd's start it was over; absent: it was not, or that is not known. */
  readonly overAfterMs?: number;
}

/** The time between daprd's start and the message. */
export interface Window {
  readonly daprd: Daprd;
  readonly component: DaprComponent | undefined;
  readonly fromMs: number;
  readonly untilMs: number;
}

const ACCOUNT_KEYS = ["accountname", "storageaccount", "storageaccountname"];
/** Faults of storage at which a try fails at once. */
const REFUSING = /^(?:storage-(?:refused|resets?|status)|name-)/;
/** The variable that Go's TLS takes its authorities from, and where the harness puts them. */
const [ROOTS_VARIABLE, HARNESS_ROOTS] = ["SSL_CERT_FILE", "/etc/sitecar/trust/"];

/** Looked for outside daprd, the surest first: its own message is the same for all of them (daprd 1.18: `context deadline exceeded`). */
export function hindranceOf(look: Look, window: Window): Hindrance | undefined {
  return (
    unknownName(look, window) ??
    fault(look, window) ??
    lateStorage(look, window) ??
    withoutToken(look, window) ??
    untrusted(look, window)
  );
}

export function accountOf(component: DaprComponent | undefined): string | undefined {
  const entries = Object.entries(component?.metadata ?? {});
  return entries.find(([key]) => ACCOUNT_KEYS.includes(key.toLowerCase()))?.[1];
}

function unknownName({ record }: Look, { component }: Window): Hindrance | undefined {
  const account = accountOf(component);
  const { storageAccounts } = record.plan;
  if (account === undefined || component === undefined || storageAccounts.includes(account)) return undefined;
  return {
    kind: "storage-name",
    because: `nothing has the name ${account}.blob.core.windows.net`,
    evidence: [
      { source: "component files", quote: `${component.path}: accountName ${account}` },
      { source: "plan", quote: `storageAccounts: ${storageAccounts.join(", ") || "none"}` },
    ],
  };
}

function fault(look: Look, { fromMs, untilMs }: Window): Hindrance | undefined {
  const faults = look
    .faults(fromMs, untilMs)
    .filter(({ fault: { fault: name } }) => /^(?:storage|identity|name|token)-/.test(name));
  const [first] = faults;
  if (first === undefined) return undefined;
  const ends = look.events("fault.healed").filter(({ id }) => faults.some((one) => one.id === id));
  const overMs = ends.length === faults.length ? Math.max(...ends.map(({ tMs }) => tMs)) : undefined;
  const { delayMs } = first.fault;
  return {
    kind: "fault",
    refuses: faults.some(({ fault: { fault: name } }) => REFUSING.test(name)),
    because: faults.map(({ what }) => what).join(", and "),
    evidence: [...faults.map(fromEvent), ...identityAnswers(look, fromMs, untilMs).map(fromEvent)],
    ...(overMs === undefined
      ? typeof delayMs === "number"
        ? { overAfterMs: delayMs }
        : {}
      : { overAfterMs: overMs - fromMs }),
  };
}

function lateStorage(look: Look, { fromMs, untilMs }: Window): Hindrance | undefined {
  const { plan } = look.record;
  const planned = plan.schedule.starts.find(({ container }) => container === STORAGE);
  const starts = look.events("container.started").filter(({ container }) => container === STORAGE);
  const ended = look
    .events("container.exited")
    .findLast(({ container, tMs }) => container === STORAGE && tMs < untilMs);
  const before = starts.find(({ tMs }) => tMs < fromMs);
  if (plan.storageAccounts.length === 0 || (planned === undefined && ended === undefined)) return undefined;
  const next = starts.find(({ tMs }) => tMs > (ended?.tMs ?? fromMs));
  if (before !== undefined && ended === undefined) return undefined;
  if (next === undefined) {
    const plannedMs = ended === undefined ? planned?.atMs : undefined;
    return {
      kind: "storage-late",
      refuses: true,
      because:
        typeof plannedMs === "number"
          ? `storage, which the schedule starts at ${inSeconds(plannedMs)}, was not there yet`
          : ended === undefined
            ? "storage was never started"
            : "storage had ended",
      ...(typeof plannedMs === "number" ? { overAfterMs: plannedMs } : {}),
      evidence:
        ended === undefined
          ? [
              {
                source: "plan",
                quote: `schedule: storage at ${planned?.atMs ?? "never"} ms; no start in the timeline`,
              },
            ]
          : [fromEvent(ended)],
    };
  }
  return {
    kind: "storage-late",
    refuses: true,
    because: `storage was started ${inSeconds(next.tMs - fromMs)} after daprd's container`,
    evidence: [fromEvent(next)],
    overAfterMs: next.tMs - fromMs,
  };
}

function withoutToken(look: Look, { daprd, component, fromMs, untilMs }: Window): Hindrance | undefined {
  if (component === undefined || accountOf(component) === undefined) return undefined;
  if ("accountKey" in component.metadata || "connectionString" in component.metadata) return undefined;
  if (look.record.plan.identity === null) {
    return {
      kind: "identity",
      because: "the site has no managed identity, and the component states no key",
      evidence: [{ source: "plan", quote: "identity: none" }],
    };
  }
  const variables = look.environment(daprd.container);
  if (variables["IDENTITY_ENDPOINT"] === undefined || variables["IDENTITY_HEADER"] === undefined) {
    return {
      kind: "identity",
      because: "the sidecar's environment does not tell where the managed identity is asked for",
      evidence: [
        { source: "plan", quote: `${daprd.container} has no IDENTITY_ENDPOINT and IDENTITY_HEADER` },
      ],
    };
  }
  const answers = identityAnswers(look, fromMs, untilMs);
  if (answers.some(({ status }) => status === 200)) return undefined;
  const last = answers.at(-1);
  return {
    kind: "identity",
    because:
      last === undefined ? "the identity gave no token in that time" : `the identity answered ${last.status}`,
    evidence:
      last === undefined
        ? [
            {
              source: "timeline",
              quote: `no token request was answered from ${inSeconds(fromMs)} to ${inSeconds(untilMs)}`,
            },
          ]
        : answers.map(fromEvent),
  };
}

function identityAnswers(look: Look, fromMs: number, untilMs: number) {
  return look
    .events("identity.requested")
    .filter(({ tMs, userAgent }) => tMs >= fromMs && tMs <= untilMs && userAgent.includes("azidentity"));
}

function untrusted(look: Look, { daprd }: Window): Hindrance | undefined {
  const roots = look.environment(daprd.container)[ROOTS_VARIABLE];
  if (roots === undefined || roots.startsWith(HARNESS_ROOTS)) return undefined;
  return {
    kind: "certificate",
    because: `daprd trusts the authorities in ${roots} alone, and storage's certificate is by none of them`,
    evidence: [{ source: "plan", quote: `${daprd.container}: ${ROOTS_VARIABLE}=${roots}` }],
  };
}

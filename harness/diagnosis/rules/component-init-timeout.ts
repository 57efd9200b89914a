import { BROKEN_BY_A_DEAD_DAPRD } from "../broken-contracts.ts";
import type { DiagnosisRule, Remedy } from "../diagnosis.ts";
import { fromLine, inSeconds } from "../evidence.ts";
import { fatalEnd } from "../fatal-lines.ts";
import { hindranceOf, type Hindrance } from "../hindrance.ts";
import type { Look } from "../look.ts";

/** Beyond azcore's four tries (11 s at most) and contrib's own cap of 30 s for a storage that accepts and never answers. */
const LEAST_SECONDS = 30;

/** What azcore's four tries take at least. */
const LEAST_TRIES_MS = 7000;

/** daprd ends because one component was not initialised within its `initTimeout`, 5 s by default; why, it does not say. */
export const componentInitTimeout: DiagnosisRule = {
  id: "component-init-timeout",
  about: "A component is not initialised within its initTimeout, and daprd ends.",
  source: "daprd 1.18 pkg/runtime/processor/components.go; measured on 1.18.2",
  explains: BROKEN_BY_A_DEAD_DAPRD,
  insteadOf: ["daprd-fatal", "storage-retries-exhausted"],
  advice: [
    "Set spec.initTimeout of the component to what the slowest start takes, for example 30s.",
    "Set spec.ignoreErrors: true and a short --hot-reload-reconcile-interval: daprd starts without the component and tries again.",
    'For blob storage, set disableEntityManagement: "true" where the container exists: init then needs no network.',
  ],
  conclude(look) {
    const end = fatalEnd(look, /init timeout for component (?<component>\S+)/);
    if (end === undefined) return undefined;
    const { daprd, line, startedMs } = end;
    const name = end.match.groups?.["component"] ?? "";
    const component = daprd.components.find((one) => one.name === name);
    const hindrance = hindranceOf(look, { daprd, component, fromMs: startedMs, untilMs: line.line.tMs });
    const took = inSeconds(line.line.tMs - startedMs);
    const because =
      hindrance === undefined
        ? "; what it waited for, nothing that was seen tells"
        : `, because ${hindrance.because}`;
    return {
      cause: `component "${name}" was not initialised in time, and daprd ended ${took} after its container's start${because}.`,
      evidence: [fromLine(line), ...(hindrance?.evidence ?? [])],
      remedies: remediesOf(look, { container: daprd.container, component: name, hindrance }),
    };
  },
};

function remediesOf(
  look: Look,
  {
    container,
    component,
    hindrance,
  }: { readonly container: string; readonly component: string; readonly hindrance: Hindrance | undefined },
): readonly Remedy[] {
  const key = (name: string, value: string) =>
    ({ kind: "component-key", container, component, key: name, value }) as const;
  const seconds = Math.max(LEAST_SECONDS, Math.ceil((hindrance?.overAfterMs ?? 0) / 10_000 + 1) * 10);
  const longer: Remedy = {
    text: `set initTimeout: ${seconds}s for "${component}"; it also lets daprd name the true error`,
    changes: [key("spec.initTimeout", `${seconds}s`)],
  };
  const later: Remedy = {
    text: `set ignoreErrors: true for "${component}" and --hot-reload-reconcile-interval 5s: daprd starts without it and tries again`,
    changes: [
      key("spec.ignoreErrors", "true"),
      { kind: "daprd-flag", container, flag: "hot-reload-reconcile-interval", value: "5s" },
    ],
  };
  const unmanaged: Remedy = {
    text: `set disableEntityManagement: "true" for "${component}": init then needs no network; the blob container has to exist`,
    changes: [key("metadata.disableEntityManagement", "true")],
  };
  const [account, ...others] = look.record.plan.storageAccounts;
  switch (hindrance?.kind) {
    case "storage-name": {
      return account !== undefined && others.length === 0
        ? [{ text: `correct accountName to ${account}`, changes: [key("metadata.accountName", account)] }]
        : [{ text: "correct accountName, or name the account among the site's storageAccounts" }];
    }
    case "certificate": {
      return [
        {
          text: "leave SSL_CERT_FILE unset, or let its file hold the authority of storage's certificate, too",
        },
        longer,
      ];
    }
    case "identity":
      return look.record.plan.identity === null
        ? [{ text: "give the site a managed identity with a role on the storage account" }]
        : [longer, later, unmanaged];
    case "storage-late":
    case "fault":
    case undefined:
      break;
  }
  return outlastsTries(hindrance) ? [later, unmanaged, longer] : [longer, later, unmanaged];
}

/** Of a storage that refuses, azcore's tries end before any longer time: a longer initTimeout names the error, no more. */
function outlastsTries(hindrance: Hindrance | undefined): boolean {
  return hindrance?.refuses === true && (hindrance.overAfterMs ?? Infinity) > LEAST_TRIES_MS;
}

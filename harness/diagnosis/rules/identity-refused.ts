import { BROKEN_BY_A_DEAD_DAPRD } from "../broken-contracts.ts";
import type { DiagnosisRule, Remedy } from "../diagnosis.ts";
import { fromEvent, fromLine } from "../evidence.ts";
import { fatalEnds } from "../fatal-lines.ts";
import { failedCalls } from "../failed-calls.ts";
import type { Look } from "../look.ts";

const REFUSED =
  /ManagedIdentityCredential authentication failed|ChainedTokenCredential[^\n]*failed|authenticated requests are not permitted for non TLS/;

/** Azure's Go library gives up at once where the identity answers 4xx; on 5xx it tries on. */
export const identityRefused: DiagnosisRule = {
  id: "identity-refused-by-azidentity",
  about: "The identity gives daprd no token and says so, and the component can't be initialised or used.",
  source:
    "azidentity 1.7.0, components-contrib 1.18.3 common/authentication/azure/auth.go; measured on daprd 1.18.2; A6.2–A6.4",
  explains: BROKEN_BY_A_DEAD_DAPRD,
  insteadOf: ["daprd-fatal", "component-init-timeout", "handler-fails"],
  advice: [
    "Give the site the identity that the component asks for; with user-assigned identities alone, name one by azureClientId.",
    "AZURE_CLIENT_ID in the environment does not choose one: the component's metadata does.",
  ],
  conclude(look) {
    const ends = fatalEnds(look).map(({ daprd, line }) => ({ daprd, line }));
    const found = [...ends, ...failedCalls(look)].find(({ line }) => REFUSED.test(line.message));
    if (found === undefined) return undefined;
    const { daprd, line } = found;
    const refusals = look
      .events("identity.requested")
      .filter(({ status, tMs }) => status !== 200 && tMs <= line.line.tMs + 100);
    const name = /occurred for (?<component>\S+)/.exec(line.message)?.groups?.["component"];
    const last = refusals.at(-1);
    return {
      cause: `the identity gave daprd no token${last === undefined ? "" : `: it answered ${last.status}`}${name === undefined ? "" : `, which component "${name}" needs`}.`,
      evidence: [fromLine(line), ...refusals.slice(-2).map(fromEvent)],
      remedies: remediesOf(look, daprd.container, name),
    };
  },
};

function remediesOf(look: Look, container: string, component: string | undefined): readonly Remedy[] {
  const { identity } = look.record.plan;
  const userAssigned = identity?.identities.filter(({ kind }) => kind === "user") ?? [];
  const hasSystem = identity?.identities.some(({ kind }) => kind === "system") ?? false;
  const [first] = userAssigned;
  if (component !== undefined && !hasSystem && first !== undefined) {
    return [
      {
        text: `name the user-assigned identity by azureClientId: ${first.clientId}`,
        changes: [
          {
            kind: "component-key",
            container,
            component,
            key: "metadata.azureClientId",
            value: first.clientId,
          },
        ],
      },
    ];
  }
  return [
    { text: "give the site the managed identity that the component asks for, or correct its azureClientId" },
  ];
}

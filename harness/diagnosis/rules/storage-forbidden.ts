import { BROKEN_BY_A_DEAD_DAPRD } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromEvent, fromLine } from "../evidence.ts";
import { failedCalls } from "../failed-calls.ts";
import { fatalEnds } from "../fatal-lines.ts";

export const storageForbidden: DiagnosisRule = {
  id: "storage-forbidden",
  about: "Storage refuses the sidecar with 403: the identity has no role on the account, or a key is wrong.",
  source: "components-contrib 1.18.3 bindings/azure/blobstorage; measured on daprd 1.18.2",
  explains: BROKEN_BY_A_DEAD_DAPRD,
  insteadOf: ["daprd-fatal", "handler-fails", "component-init-timeout"],
  advice: [
    "Give the site's identity the role Storage Blob Data Contributor on the account (creating the blob container needs it, too).",
    "Correct accountKey, if the component states one.",
  ],
  conclude(look) {
    const lines = [...fatalEnds(look), ...failedCalls(look)].map(({ line }) => line);
    const line = lines.find(({ message }) => /RESPONSE 403\b/.test(message));
    if (line === undefined) return undefined;
    const code = /ERROR CODE: (?<code>\w+)/.exec(line.message)?.groups?.["code"];
    const faults = look.faults(0, line.line.tMs).filter(({ fault }) => fault.fault.startsWith("storage-"));
    return {
      cause: `storage refused the sidecar with 403${code === undefined ? "" : ` ${code}`}.`,
      evidence: [fromLine(line), ...faults.map(fromEvent)],
      remedies: [
        {
          text: "give the site's identity the role Storage Blob Data Contributor on the account; after it was given, Azure may take minutes to know",
        },
        { text: "correct accountKey, if the component states one" },
      ],
    };
  },
};

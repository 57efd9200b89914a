import { BROKEN_BY_A_HANDLER } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromLine } from "../evidence.ts";
import { failedCalls } from "../failed-calls.ts";

export const containerNotFound: DiagnosisRule = {
  id: "container-not-found",
  about: "The blob container does not exist: with disableEntityManagement daprd does not create it.",
  source: "components-contrib 1.18.3 common/component/azure/blobstorage/client.go; measured on daprd 1.18.2",
  explains: BROKEN_BY_A_HANDLER,
  insteadOf: ["handler-fails"],
  advice: ["Create the blob container before the site starts, or leave disableEntityManagement out."],
  conclude(look) {
    const call = failedCalls(look).find(({ line }) => /ContainerNotFound/.test(line.message));
    if (call === undefined) return undefined;
    const { line, daprd } = call;
    const named = /output binding (?<component>[\w.-]+):/.exec(line.message)?.groups?.["component"];
    const component = daprd.components.find(({ name }) => name === named);
    const disabled = Object.entries(component?.metadata ?? {}).find(
      ([key]) => key.toLowerCase() === "disableentitymanagement",
    );
    return {
      cause: `the blob container ${component?.metadata["containerName"] ?? "that the component names"} does not exist${disabled === undefined ? "" : ", and with disableEntityManagement daprd does not create it"}.`,
      evidence: [
        fromLine(line),
        ...(component === undefined || disabled === undefined
          ? []
          : [{ source: "component files", quote: `${component.path}: ${disabled[0]} ${disabled[1]}` }]),
      ],
      remedies: [
        { text: "create the blob container before the site starts" },
        ...(component === undefined || disabled === undefined
          ? []
          : [
              {
                text: `set ${disabled[0]}: "false" for "${component.name}": daprd creates it`,
                changes: [
                  {
                    kind: "component-key" as const,
                    container: daprd.container,
                    component: component.name,
                    key: `metadata.${disabled[0]}`,
                    value: "false",
                  },
                ],
              },
            ]),
      ],
    };
  },
};

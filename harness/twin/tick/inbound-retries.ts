import { parseDocument } from "yaml";

import { DAPR_YAML, splitDocuments } from "../../dapr/component-files.ts";
import { notCovered } from "../not-covered.ts";

/**
 * How often daprd posts a tick again under the Resiliency resources of the files: `maxRetries` of the retry policy that the
 * component's `inbound` names. 0: never.
 * @param texts of the files.
 * @throws {SitecarError} TWIN_NOT_COVERED for policies that go on without end, or choose by status.
 */
export function inboundRetries(texts: readonly string[], component: string): number {
  for (const resource of texts.flatMap(resiliencies)) {
    const spec = record(resource["spec"]);
    const policies = record(spec["policies"]);
    const inbound = record(record(record(record(spec["targets"])["components"])[component])["inbound"]);
    const name = inbound["retry"];
    if (typeof name !== "string") continue;
    const policy = record(record(policies["retries"])[name]);
    const most = policy["maxRetries"];
    if (typeof most !== "number" || most < 0) {
      throw notCovered({
        what: `the retry policy "${name}" of "${component}", which goes on without end`,
        instead: "give it maxRetries, or give tick the option retries.",
      });
    }
    if (policy["matching"] !== undefined) {
      throw notCovered({
        what: `the retry policy "${name}" of "${component}", which chooses by status`,
        instead: "leave out matching for the test, or give tick the option retries.",
      });
    }
    return most;
  }
  return 0;
}

function resiliencies(text: string): Readonly<Record<string, unknown>>[] {
  return splitDocuments(text)
    .map((document) => record(parsed(document.text)))
    .filter((resource) => resource["kind"] === "Resiliency");
}

function parsed(text: string): unknown {
  const document = parseDocument(text, DAPR_YAML);
  return document.errors.length > 0 ? undefined : document.toJS();
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

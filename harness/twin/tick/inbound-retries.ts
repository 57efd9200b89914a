import { notCovered } from "../not-covered.ts";
import { recordOf, type Resiliency } from "../resiliency.ts";

/**
 * How often daprd posts a tick again: `maxRetries` of the retry policy that a Resiliency resource names for the component's
 * `inbound`. 0: never.
 * @throws {SitecarError} TWIN_NOT_COVERED for policies that go on without end, or choose by status.
 */
export function inboundRetries(resiliencies: readonly Resiliency[], component: string): number {
  for (const { spec } of resiliencies) {
    const target = recordOf(recordOf(recordOf(spec["targets"])["components"])[component]);
    const name = recordOf(target["inbound"])["retry"];
    if (typeof name !== "string") continue;
    const policy = recordOf(recordOf(recordOf(spec["policies"])["retries"])[name]);
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

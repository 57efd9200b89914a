import type { PactFile } from "../../harness/pacts/pact-file.ts";
import { templateOf } from "../../harness/pacts/text-rule.ts";

/** What a contract states, without the examples that differ from run to run. */
export function statedBy({ consumer, provider, interactions, metadata }: PactFile): unknown {
  return JSON.parse(
    JSON.stringify({ consumer, provider, interactions: interactions.map(ordered), metadata }),
    (_, value: unknown) => (typeof value === "string" ? templateOf(value) : value),
  );
}

/** Lists that come in no order, put into one. */
function ordered<T>(interaction: T): T {
  const sorted: unknown = JSON.parse(JSON.stringify(interaction), (name, value: unknown) =>
    (name === "components" || name === "enabledFeatures") && Array.isArray(value)
      ? value.map((one) => JSON.stringify(one)).toSorted()
      : value,
  );
  return sorted as T;
}

import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { DAPR_MESSAGES, describeDapr } from "./describe-dapr.ts";

it("the tap knows the messages of the Dapr client that is installed", async () => {
  const written: unknown = JSON.parse(await readFile(DAPR_MESSAGES, "utf8"));
  // Where this fails, `npm run dapr-messages` writes them anew.
  expect(written).toEqual(JSON.parse(JSON.stringify(describeDapr())));
});

import { expect, test } from "vitest";
import { daprdContents } from "./daprd-components.ts";

test("the fast build keeps what an App Service site uses, and says what it has", async () => {
  const { tag, description, keeps } = await daprdContents(undefined);
  expect({ tag, description }).toEqual({
    tag: "allcomponents",
    description: "Azure, cron and HTTP, local and in-memory, Redis",
  });
  const kept = ["bindings_azure_blobstorage.go", "bindings_cron.go", "state_redis.go", "pubsub_in-memory.go"];
  // zz_notag.go makes a daprd without any tag end at start; with it next to a tag, nothing would compile.
  const left = [
    "bindings_kafka.go",
    "state_mongodb.go",
    "pubsub_pulsar.go",
    "zz_notag.go",
    "state_redis_test.go",
  ];
  expect(kept.filter(keeps)).toEqual(kept);
  expect(left.filter(keeps)).toEqual([]);
});

test("older versions' names of the same files are known", async () => {
  const { keeps } = await daprdContents(undefined);
  const of1_14 = ["binding_cron.go", "binding_http.go", "binding_redis.go", "binding_localstorage.go"];
  expect(of1_14.filter(keeps)).toEqual(of1_14);
  expect(keeps("binding_kafka.go")).toBe(false);
});

test("the full build leaves nothing out", async () => {
  const { tag, description, keeps } = await daprdContents("full");
  expect({ tag, description }).toEqual({ tag: "stablecomponents", description: "every stable component" });
  expect(keeps("bindings_kafka.go")).toBe(true);
});

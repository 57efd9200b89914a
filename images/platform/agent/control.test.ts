import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { serveControl, type CommandHandlers } from "./control.ts";
import { CollectingReporter } from "./test-support/collecting-reporter.ts";

/** What the agent says to these lines, with handlers that keep what they were asked. */
async function say(...lines: string[]) {
  const reporter = new CollectingReporter();
  const asked: object[] = [];
  const keep = (command: object): void => void asked.push(command);
  const appended = Promise.withResolvers<void>();
  const handlers: CommandHandlers = {
    "identity.fail": keep,
    "identity.heal": () => {
      throw new Error("nothing to heal");
    },
    "storage.gate": keep,
    "storage.fail": keep,
    "storage.heal": keep,
    "storage.reset": keep,
    "directories.make": keep,
    "file.append": (command) => {
      keep(command);
      appended.resolve();
    },
    "trees.empty": keep,
    "namespace.reset": keep,
    "namespace.observe": keep,
    "metrics.interval": keep,
    "port.take": keep,
    "tap.flush": keep,
    "tap.end": keep,
    "port.release": keep,
    // An answer that comes when something else was done.
    "clock.ask": async () => {
      await appended.promise;
      return { status: 200, body: "{}" };
    },
  };
  const input = new PassThrough();
  const done = serveControl(input, handlers, reporter);
  input.end(lines.join("\n"));
  await done;
  return { asked, answers: reporter.of("answer"), failures: reporter.of("failure") };
}

const append = (id: number, text: string) =>
  JSON.stringify({ id, type: "file.append", file: { tree: "home", path: "a" }, text });

describe("requests on standard input", () => {
  test("are done in the order they came, and answered by id", async () => {
    const { asked, answers } = await say(append(7, "one\n"), "", append(8, "two ✓"));
    expect(asked).toMatchObject([{ text: "one\n" }, { text: "two ✓" }]);
    expect(answers).toMatchObject([
      { id: 7, error: null },
      { id: 8, error: null },
    ]);
  });

  test("that can't be done are answered with the reason, and what follows is done", async () => {
    const { answers } = await say(
      JSON.stringify({ id: 1, type: "identity.heal", fault: "f" }),
      append(2, ""),
    );
    expect(answers).toMatchObject([
      { id: 1, error: "nothing to heal" },
      { id: 2, error: null },
    ]);
  });

  test("to a clock hold nothing up, however long its answer takes", async () => {
    const { answers } = await say(
      JSON.stringify({ id: 1, type: "clock.ask", port: 3590, method: "GET", path: "/clock", withinMs: 1 }),
      append(2, ""),
    );
    // Were the second to wait for the first, none would ever be answered.
    expect(answers.toSorted((one, other) => one.id - other.id)).toMatchObject([
      { id: 1, error: null, value: { status: 200, body: "{}" } },
      { id: 2, error: null },
    ]);
  });

  test("of an unknown type are answered so; what is no request is a failure of the observer", async () => {
    const { answers, failures } = await say(`{"id":3,"type":"surprise"}`, "no JSON", append(4, ""));
    expect(answers).toMatchObject([
      { id: 3, error: expect.stringContaining("surprise") },
      { id: 4, error: null },
    ]);
    expect(failures).toMatchObject([{ observer: "control", detail: "unreadable request: no JSON" }]);
  });
});

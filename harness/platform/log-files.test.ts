import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AgentCommand } from "./agent-protocol.ts";
import { LogFilesWriter, type LogFilesOptions } from "./log-files.ts";

const WALL_MS = Date.parse("2026-01-02T03:04:05.678Z") + 0.25;

/** Files as the agent would have them; `gate` holds every append until it is opened. */
function start(more: Partial<LogFilesOptions> = {}, gate: Promise<void> = Promise.resolve()) {
  const files = new Map<string, string>();
  const appends: string[] = [];
  const losses: string[] = [];
  const request = async (command: AgentCommand): Promise<void> => {
    if (command.type !== "file.append") throw new TypeError(command.type);
    await gate;
    const { file, text } = command;
    appends.push(text);
    files.set(file.path, (files.get(file.path) ?? "") + text);
  };
  const writer = new LogFilesWriter({
    agent: { request },
    machine: "local0123abcd",
    mainContainer: "web",
    place: (name) => ({ tree: "logs", path: name }),
    onLoss: (detail) => losses.push(detail),
    ...more,
  });
  return { writer, files, appends, losses };
}

describe("the platform's log files (A7.4)", () => {
  test("have App Service's names and stamps", async () => {
    const { writer, files, losses } = start();
    writer.platform("INFO", "Site started.", WALL_MS);
    writer.platform("ERROR", "Site is blocked.", WALL_MS);
    writer.output("web", "listening", WALL_MS);
    writer.output("dapr", "loaded", WALL_MS + 86_400_000);
    await writer.close();
    expect(Object.fromEntries(files)).toEqual({
      "2026_01_02_local0123abcd_docker.log":
        "2026-01-02T03:04:05.678Z INFO  - Site started.\n2026-01-02T03:04:05.678Z ERROR - Site is blocked.\n",
      "2026_01_02_local0123abcd_default_docker.log": "2026-01-02T03:04:05.678250000Z listening\n",
      "2026_01_03_local0123abcd_dapr_docker.log": "2026-01-03T03:04:05.678250000Z loaded\n",
    });
    expect(losses).toEqual([]);
  });

  test("with a pause, what comes within it is one append, and closing does not wait for its end", async () => {
    const { writer, appends } = start({ pauseMs: 60_000 });
    writer.output("web", "one", WALL_MS);
    await Promise.resolve();
    writer.output("web", "two", WALL_MS);
    await writer.close();
    expect(appends.map((text) => text.trimEnd().split("\n").length)).toEqual([2]);
  });

  test("get every line, in order, in few appends, whatever comes in between", async () => {
    const container = fc.constantFrom("web", "dapr", "cache");
    const said = fc.array(fc.tuple(container, fc.string({ maxLength: 40_000, size: "max" })), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(said, async (lines) => {
        const { writer, files, appends, losses } = start({ capacity: Infinity });
        for (const [name, text] of lines) writer.output(name, text, WALL_MS);
        await writer.close();
        for (const [name, file] of [
          ["web", "default"],
          ["dapr", "dapr"],
          ["cache", "cache"],
        ] as const) {
          const expected = lines
            .filter(([one]) => one === name)
            .map(([, text]) => `2026-01-02T03:04:05.678250000Z ${text}\n`)
            .join("");
          expect(files.get(`2026_01_02_local0123abcd_${file}_docker.log`) ?? "").toBe(expected);
        }
        const size = lines.reduce((sum, [, text]) => sum + text.length + 32, 0);
        expect(appends.length).toBeLessThanOrEqual(3 + Math.floor(size / 20_000));
        expect(losses).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test("take no more than can wait; what is dropped is told once it is known how much", async () => {
    const gate = Promise.withResolvers<void>();
    const { writer, files, losses } = start({ capacity: 200 }, gate.promise);
    for (let line = 1; line <= 10; line++) writer.output("web", `line ${line}`, WALL_MS);
    gate.resolve();
    await writer.close();
    expect(files.get("2026_01_02_local0123abcd_default_docker.log")?.split("\n")).toHaveLength(6);
    expect(losses).toEqual(["5 lines were not written: they came faster than they could be written"]);
  });

  test("that an agent can't write are lost and told; later ones are tried", async () => {
    let broken = true;
    const { losses, writer, files } = start();
    const failing = start({
      agent: {
        request: async (command: AgentCommand) => {
          if (broken) throw new Error("ENOSPC");
          if (command.type === "file.append") files.set(command.file.path, command.text);
        },
      },
    });
    failing.writer.output("web", "one", WALL_MS);
    await failing.writer.close();
    broken = false;
    failing.writer.output("web", "two", WALL_MS);
    await failing.writer.close();
    await writer.close();
    expect(failing.losses).toEqual(["1 line was not written: ENOSPC"]);
    expect([...files.values()]).toEqual([expect.stringContaining("two")]);
    expect(losses).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import type { PortHold } from "../platform/agent-protocol.ts";
import { PortControl } from "../platform/port-control.ts";
import { StandInControl } from "../platform/stand-in/stand-in-control.ts";
import type { StandInFault } from "../platform/stand-in/stand-in-protocol.ts";
import type { ContainerLimits } from "../runtime/limits/container-limits.ts";
import type { FaultData } from "../schedule/step.ts";
import { appAnswersSlowly } from "./app-answers-slowly.ts";
import { APP_FAULTS } from "./app-faults.ts";
import { appListensLate } from "./app-listens-late.ts";
import { appNotListening } from "./app-not-listening.ts";
import { appOptionsHangs } from "./app-options-hangs.ts";
import { appOptionsStatus } from "./app-options-status.ts";
import { appResets } from "./app-resets.ts";
import { appRouteLate } from "./app-route-late.ts";
import { appTickStatus } from "./app-tick-status.ts";
import type { FaultKind } from "./fault-kind.ts";
import type { FaultTarget } from "./fault-target.ts";
import { memoryLimit } from "./memory-limit.ts";
import { PORT_FAULTS } from "./port-faults.ts";
import { portTaken } from "./port-taken.ts";
import { processorStarved } from "./processor-starved.ts";
import { RESOURCE_FAULTS } from "./resource-faults.ts";

const KINDS = [...APP_FAULTS, ...PORT_FAULTS, ...RESOURCE_FAULTS];

function kindOf({ fault }: FaultData): FaultKind {
  const kind = KINDS.find(({ name }) => name === fault);
  if (kind === undefined) throw new Error(`no kind ${fault}`);
  return kind;
}

/** What the parts of a site were asked; `undo` says that it was undone. */
function target(): { readonly target: FaultTarget; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const undo = async (): Promise<void> => void asked.push("undo");
  const standIn = new StandInControl();
  standIn.fail = async (fault: StandInFault) => {
    asked.push(fault);
    return { fault, heal: undo, [Symbol.asyncDispose]: undo };
  };
  const ports = new PortControl();
  ports.take = async (hold: PortHold) => {
    asked.push(hold);
    return { hold, release: undo, [Symbol.asyncDispose]: undo };
  };
  const container = (name: string) => ({
    name,
    limit: async (limits: ContainerLimits) => {
      asked.push({ name, ...limits });
      return undo;
    },
  });
  return { target: { standIn, ports, container } as unknown as FaultTarget, asked };
}

describe.each<[FaultData, string, unknown]>([
  [appNotListening(), "the app does not listen", { kind: "not-listening" }],
  [
    appListensLate({ delayMs: 3_200 }),
    "the app listens 3.2 s after it was started",
    { kind: "listens-late", delayMs: 3_200 },
  ],
  [
    appRouteLate({ delayMs: 800 }),
    "the app answers 404 on its routes for 800 ms",
    { kind: "route-late", delayMs: 800 },
  ],
  [
    appAnswersSlowly({ delayMs: 3_040, requests: "options" }),
    "the app answers every OPTIONS 3.04 s late",
    { kind: "answers-slowly", requests: "options", delayMs: 3_040 },
  ],
  [
    appAnswersSlowly({ delayMs: 5, first: 1 }),
    "the app answers the first request 5 ms late",
    { kind: "answers-slowly", requests: "all", delayMs: 5, first: 1 },
  ],
  [appOptionsHangs(), "the app never answers OPTIONS", { kind: "hangs", requests: "options" }],
  [
    appOptionsStatus({ status: 404, first: 2 }),
    "the app answers the first 2 OPTIONS with 404",
    { kind: "status", requests: "options", status: 404, first: 2 },
  ],
  [
    appTickStatus({ status: 204 }),
    "the app answers every delivery with 204",
    { kind: "status", requests: "ticks", status: 204 },
  ],
  [
    appResets({ requests: "ticks", first: 3 }),
    "the app resets the connection of the first 3 deliveries",
    { kind: "resets", requests: "ticks", first: 3 },
  ],
  [
    portTaken({ port: 9090 }),
    "port 9090 is taken by something that never answers",
    { port: 9090, address: "all", answers: "nothing" },
  ],
  [
    portTaken({ port: 3500, address: "loopback", answers: "not-found" }),
    "port 3500 of the loopback is taken by something that answers 404",
    { port: 3500, address: "loopback", answers: "not-found" },
  ],
  [
    memoryLimit({ container: "main", memoryMib: 32 }),
    "main may have 32 MiB of memory",
    { name: "main", memoryBytes: 33_554_432 },
  ],
  [
    processorStarved({ container: "dapr", cpus: 0.05 }),
    "dapr gets 5 % of a core",
    { name: "dapr", cpus: 0.05 },
  ],
])("%j", (data, text, asked) => {
  test("is told in words", () => {
    expect(kindOf(data).describe(data)).toBe(text);
  });

  test("has the attributes that its kind says", () => {
    const { attributes } = kindOf(data);
    const { fault: _, ...given } = data;
    for (const [name, value] of Object.entries(given)) {
      const attribute = attributes[name];
      expect(typeof value).toBe(attribute?.type);
      expect(attribute?.oneOf ?? [value]).toContain(value);
    }
    const required = Object.entries(attributes).filter(([, attribute]) => attribute.required);
    expect(Object.keys(given)).toEqual(expect.arrayContaining(required.map(([name]) => name)));
  });

  test("is put in force, and undone", async () => {
    const site = target();
    const undo = await kindOf(data).inject(site.target, data);
    expect(site.asked).toEqual([asked]);
    await undo();
    expect(site.asked).toEqual([asked, "undo"]);
  });
});

test.each(KINDS)("$name can be explained, and its numbers can be bisected", ({ about, attributes }) => {
  expect(about).toMatch(/\.$/);
  const all = Object.values(attributes);
  for (const attribute of all) expect(attribute.about).toMatch(/\.$/);
  for (const { least, most } of all.filter(({ type }) => type === "number")) {
    expect(least).toBeLessThan(most ?? Number.NaN);
  }
});

test("data that were not checked before are refused, never taken for something else", async () => {
  const wrong: FaultData = { fault: "app-answers-slowly", delayMs: "3 s", requests: "some" };
  await expect(kindOf(wrong).inject(target().target, wrong)).rejects.toMatchObject({ code: "USAGE" });
});

import { describe, expect, it } from "vitest";
import type { FaultData } from "../schedule/step.ts";
import { checkFault } from "./check-fault.ts";
import { checkScheduleFaults } from "./check-schedule-faults.ts";
import { formatFault } from "./describe-kinds.ts";
import { FAULT_KINDS } from "./kinds.ts";
import { parseFault } from "./parse-fault.ts";

const CONTAINERS = ["storage", "main", "dapr"];

describe("every kind of fault", () => {
  it("has a name of its own, in kebab case", () => {
    const names = FAULT_KINDS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
  });

  it.each(FAULT_KINDS.map((kind) => [kind.name, kind] as const))(
    "%s says what it is and takes",
    (_, kind) => {
      expect(kind.about).toMatch(/^[A-Z].*\.$/);
      for (const [name, attribute] of Object.entries(kind.attributes)) {
        expect(name).toMatch(/^[a-z][A-Za-z]*$/);
        expect(attribute.about).toMatch(/^[A-Z].*\.$/);
        const { type, least, most, whole, oneOf, names } = attribute;
        const ofNumbers = [least, most, whole].some((one) => one !== undefined);
        const ofTexts = [oneOf, names].some((one) => one !== undefined);
        expect([type !== "number" && ofNumbers, type !== "string" && ofTexts]).toEqual([false, false]);
      }
    },
  );

  it.each(FAULT_KINDS.map((kind) => [kind.name, kind] as const))(
    "%s describes data that it takes, and they can be written on a command line",
    (name, kind) => {
      const attributes = Object.entries(kind.attributes).map(([attribute, { type, least, oneOf }]) => {
        const text = oneOf?.[0] ?? "dapr";
        return [attribute, type === "number" ? (least ?? 1) : type === "boolean" ? true : text] as const;
      });
      const data: FaultData = { ...Object.fromEntries(attributes), fault: name };
      expect(checkFault(data, { containers: CONTAINERS })).toBe(kind);
      expect(kind.describe(data)).not.toMatch(/undefined|NaN|\[object/);
      expect(parseFault(formatFault(data))).toEqual(data);
    },
  );
});

describe("a fault's data", () => {
  it.each<[string, FaultData, string]>([
    [
      "of no kind",
      { fault: "identity-slo", delayMs: 1 },
      'FAULT_UNKNOWN: there is no fault "identity-slo". Did you mean "identity-slow"?',
    ],
    [
      "without what is required",
      { fault: "identity-slow" },
      'FAULT_INVALID: the fault "identity-slow" needs delayMs.',
    ],
    [
      "with a mistyped attribute",
      { fault: "identity-slow", delayMS: 1 },
      'has no delayMS. Did you mean "delayMs"?',
    ],
    ["named as an object's own", { fault: "identity-refused", constructor: 1 }, "has no constructor."],
    ["of another type", { fault: "identity-slow", delayMs: "8s" }, 'can\'t have delayMs "8s".'],
    ["below the range", { fault: "identity-slow", delayMs: -1 }, "can't have delayMs -1."],
    ["above the range", { fault: "identity-status", status: 600 }, "can't have status 600."],
    ["that are no number", { fault: "identity-slow", delayMs: Number.NaN }, "can't have delayMs NaN."],
    ["that are half", { fault: "identity-status", status: 500.5 }, "can't have status 500.5."],
    [
      "of no choice",
      { fault: "container-kill", container: "dapr", signal: "SIGTREM" },
      'can\'t have signal "SIGTREM". Did you mean "SIGTERM"?',
    ],
    [
      "of no container",
      { fault: "container-pause", container: "dabr" },
      'can\'t have container "dabr". Did you mean "dapr"?',
    ],
    ["with an empty text", { fault: "container-pause", container: "" }, 'can\'t have container "".'],
  ])("%s are refused, with their place", (_, data, message) => {
    const check = () => checkFault(data, { containers: CONTAINERS, path: "steps[3].inject" });
    expect(check).toThrowError(message);
    expect(check).toThrowError(/named at +steps\[3\]\.inject/);
    expect(check).toThrowError(/\nFix: .*sitecar faults/);
  });

  it("are looked at in every step of a schedule", () => {
    const when = { atMs: 5 };
    const schedule = {
      starts: [],
      steps: [
        { when, do: "stop-site" },
        { when, inject: { fault: "container-pause", container: "main" } },
        { when, inject: { fault: "container-pause", container: "mian" } },
      ],
    } as const;
    expect(() => checkScheduleFaults(schedule, CONTAINERS)).toThrowError(/named at +steps\[2\]\.inject/);
    expect(() =>
      checkScheduleFaults({ ...schedule, steps: schedule.steps.slice(0, 2) }, CONTAINERS),
    ).not.toThrow();
  });
});

describe("a fault on a command line", () => {
  it.each<[string, FaultData]>([
    ["identity-refused", { fault: "identity-refused" }],
    ["identity-slow delayMs=8s", { fault: "identity-slow", delayMs: 8_000 }],
    ["identity-slow  delayMs=1500 first=2", { fault: "identity-slow", delayMs: 1_500, first: 2 }],
    [
      'container-kill container="dapr" leave=true',
      { fault: "container-kill", container: "dapr", leave: true },
    ],
  ])("%s", (text, data) => {
    expect(parseFault(text)).toEqual(data);
  });

  it.each([
    ["", 'USAGE: "" is no fault: it is empty.'],
    ["identity-slow 8s", '"8s" is no attribute'],
    ["identity-slow =8s", '"=8s" is no attribute'],
    ["identity-slow delayMs=1s delayMs=2s", "it has delayMs twice"],
    ["identity-slow fault=identity-refused", "its kind stands at the beginning"],
    [
      "identity-slwo delayMs=1s",
      'FAULT_UNKNOWN: there is no fault "identity-slwo". Did you mean "identity-slow"?',
    ],
    ["identity-slow delayMs=soon", 'FAULT_INVALID: the fault "identity-slow" can\'t have delayMs "soon".'],
    ["identity-status status=5s", 'can\'t have status "5s"'],
    ["container-kill container=dapr leave=yes", 'can\'t have leave "yes"'],
  ])("%j is refused", (text, message) => {
    expect(() => parseFault(text)).toThrowError(message);
  });
});

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { settingsInSlot } from "./swap-settings.ts";

const sticky = (name: string, value: string) => ({ name, value, slotSetting: true });

describe("settingsInSlot (A7.2)", () => {
  it("takes along what moves, and leaves behind what sticks", () => {
    const staging = { appSettings: [{ name: "MODE", value: "new" }, sticky("SLOT", "staging")] };
    const production = { appSettings: [{ name: "MODE", value: "old" }, sticky("SLOT", "production")] };
    expect(settingsInSlot(staging, production).appSettings).toEqual([
      { name: "MODE", value: "new" },
      sticky("SLOT", "production"),
    ]);
  });

  it("does the same with connection strings, and names in another case are the same", () => {
    const of = (value: string, slotSetting: boolean, name = "Main") => ({
      appSettings: [],
      connectionStrings: [{ name, value, type: "Custom" as const, slotSetting }],
    });
    expect(settingsInSlot(of("a", false), of("b", true, "MAIN")).connectionStrings).toMatchObject([
      { name: "MAIN", value: "b" },
    ]);
  });

  it("swapped there and back, each slot has what it had", () => {
    const settings = fc.uniqueArray(
      fc.record({ name: fc.constantFrom("A", "B", "C", "D"), value: fc.string(), slotSetting: fc.boolean() }),
      { selector: ({ name }) => name },
    );
    fc.assert(
      fc.property(settings, settings, (a, b) => {
        // A name sticks in both slots or in none, as the platform keeps one list of them.
        const stuck = new Set([...a, ...b].filter(({ slotSetting }) => slotSetting).map(({ name }) => name));
        const both = [a, b].map((all) => ({
          appSettings: all.map((one) => ({ ...one, slotSetting: stuck.has(one.name) })),
        }));
        const [staging, production] = both;
        if (staging === undefined || production === undefined) throw new Error("there are two");
        const there = settingsInSlot(staging, production);
        const back = settingsInSlot(there, staging);
        const byName = (all: readonly { readonly name: string }[]) =>
          all.toSorted((one, other) => one.name.localeCompare(other.name));
        expect(byName(back.appSettings)).toEqual(byName(staging.appSettings));
      }),
    );
  });
});

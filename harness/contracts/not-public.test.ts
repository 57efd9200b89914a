import { describe, expect, test } from "vitest";

import { notPublic } from "./not-public.ts";
import { checked } from "./test-support/checked.ts";
import { cronFile } from "./test-support/files.ts";
import { run } from "./test-support/judged.ts";
import { at, ticks, type Moment } from "./test-support/moments.ts";

type Answer = "held" | "broken" | "unknown";

function probed(method: "OPTIONS" | "POST", verdict: Answer, route = "/.internal/batch"): Moment {
  const evidence = `${method} ${route} was ${verdict}`;
  return at(6000, { type: "route.probed", route, method, verdict, evidence }, null);
}

function judge(
  moments: readonly Moment[],
  pattern = "/.internal/**",
  files = [cronFile()],
): readonly string[] {
  const record = run(ticks({ firstMs: 3000, count: 5 }), { moments, files });
  return checked([notPublic(pattern)], record).map(
    ({ contract, verdict, evidence }) => `${verdict} ${contract}: ${evidence.join("; ")}`,
  );
}

describe("notPublic", () => {
  test("holds where every probe was refused", () => {
    expect(judge([probed("OPTIONS", "held"), probed("POST", "held")])).toEqual([
      'held notPublic("/.internal/batch"): OPTIONS /.internal/batch was held; POST /.internal/batch was held',
    ]);
  });

  test("is broken by the one that got through", () => {
    expect(judge([probed("OPTIONS", "held"), probed("POST", "broken")])).toEqual([
      'broken notPublic("/.internal/batch"): POST /.internal/batch was broken',
    ]);
  });

  test("is unknown where a probe does not tell, nobody posted, and nobody asked", () => {
    expect(judge([probed("POST", "held"), probed("POST", "unknown")])).toEqual([
      expect.stringMatching(/^unknown/),
    ]);
    expect(judge([probed("OPTIONS", "held")])).toEqual([expect.stringMatching(/^unknown.*no POST was sent/)]);
    expect(judge([])).toEqual([
      'unknown notPublic("/.internal/batch"): nobody asked for it as the public could',
    ]);
  });

  test("speaks of each matching route, of bindings and of probes", () => {
    const files = [cronFile(), cronFile({ name: "night" })];
    const moments = [
      probed("POST", "held"),
      probed("POST", "held", "admin"),
      probed("POST", "broken", "/other"),
    ];
    expect(judge(moments, "/.internal/**", files).map((one) => one.split(":", 1)[0])).toEqual([
      'held notPublic("/.internal/batch")',
      'unknown notPublic("/.internal/night")',
    ]);
    expect(judge(moments, "/admin")).toEqual([expect.stringMatching(/^held notPublic\("\/admin"\)/)]);
    expect(judge(moments, "/nothing/**")).toEqual([expect.stringMatching(/^unknown notPublic\("\/nothing/)]);
  });
});

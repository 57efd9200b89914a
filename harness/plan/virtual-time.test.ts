import { describe, expect, test } from "vitest";
import { makePlan } from "./make-plan.ts";
import { OPTIONS, site } from "./test-support/small-definition.ts";
import { beginOfVirtualTime, readVirtualTime } from "./virtual-time.ts";

const FROM = new Date("2026-03-28T00:00:00Z");

describe("a plan with virtual time", () => {
  test("tells each Dapr sidecar where its clock listens, and lists that as a difference", () => {
    const plan = makePlan(site(), { ...OPTIONS, virtualTimeFrom: FROM });
    expect(plan.virtualTime).toEqual({
      from: "2026-03-28T00:00:00.000Z",
      clocks: [{ container: "dapr", port: 3590 }],
    });
    const [main, dapr] = plan.containers;
    expect(main?.environment).not.toHaveProperty("SITECAR_VIRTUAL_CLOCK");
    expect(dapr?.environment).toMatchObject({ SITECAR_VIRTUAL_CLOCK: "127.0.0.1:3590" });
    expect(plan.differences).toContainEqual({
      subject: "dapr",
      what: expect.stringMatching(/virtual time from 2026-03-28T00:00:00\.000Z.*127\.0\.0\.1:3590/),
      why: expect.any(String),
    });
    // The clock is on loopback alone.
    expect(plan.publishedPorts).not.toContain(3590);
  });

  test("leaves the site's own ports to the site", () => {
    const { daprSidecars } = site();
    const two = daprSidecars.flatMap((one) => [one, { ...one, container: "main", httpPort: 3592 }]);
    const plan = makePlan(site({ main: { targetPort: "3590" }, daprSidecars: two }), {
      ...OPTIONS,
      virtualTimeFrom: FROM,
    });
    expect(plan.virtualTime?.clocks.map(({ port }) => port)).toEqual([3591, 3593]);
  });

  test("needs a Dapr sidecar", () => {
    expect(() => makePlan(site({ daprSidecars: [] }), { ...OPTIONS, virtualTimeFrom: FROM })).toThrow(
      "VIRTUAL_TIME_NOT_POSSIBLE",
    );
  });

  test("is never there unasked", () => {
    const text = JSON.stringify(makePlan(site(), OPTIONS));
    expect(text.toLowerCase()).not.toContain("virtual");
  });
});

describe("the beginning of virtual time", () => {
  test("is the run's own in whole seconds, unless it is said", () => {
    const now = new Date("2026-11-24T12:00:00.789Z");
    expect(beginOfVirtualTime({}, now).toISOString()).toBe("2026-11-24T12:00:00.000Z");
    expect(beginOfVirtualTime({ from: "2026-03-29T01:00+01:00" }, now)).toEqual(
      new Date("2026-03-29T00:00:00Z"),
    );
    expect(beginOfVirtualTime({ from: "2026-03-29" }, now)).toEqual(new Date("2026-03-29T00:00:00Z"));
    expect(beginOfVirtualTime({ from: FROM }, now)).toEqual(FROM);
  });

  test.each([
    "",
    "now",
    "2026-03-29T01:00:00",
    "2026-13-01T00:00:00Z",
    "fixtures/sites/example",
    "1969-12-31T00:00:00Z",
    new Date(Number.NaN),
  ])("%j is no time", (from) => {
    expect(() => readVirtualTime(from, "virtual time can't begin at")).toThrow(
      /^USAGE: virtual time can't begin at/,
    );
  });
});

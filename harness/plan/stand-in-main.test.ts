import { describe, expect, test } from "vitest";
import { makePlan } from "./make-plan.ts";

import { STAND_IN_MAIN_IMAGE, type StandInMain } from "./stand-in-main.ts";
import { OPTIONS, site } from "./test-support/small-definition.ts";

function planned(standIn: StandInMain, definition = site()) {
  const plan = makePlan(definition, { ...OPTIONS, standIn });
  return { plan, container: plan.containers.find(({ name }) => name === standIn.container) };
}

describe("a stand-in main", () => {
  test("runs in main's place on main's port, with main's environment and not its command", () => {
    const own = makePlan(site(), OPTIONS);
    const { plan, container } = planned(
      { container: "main" },
      site({ main: { startUpCommand: "node server.js --fast" } }),
    );
    expect(container).toMatchObject({ image: STAND_IN_MAIN_IMAGE, standIn: { port: 9000 } });
    expect(container).not.toHaveProperty("entrypoint");
    expect(container).not.toHaveProperty("command");
    expect(container?.environment).toEqual(own.containers[0]?.environment);
    expect(plan.containers.filter(({ standIn }) => standIn !== undefined)).toHaveLength(1);
  });

  test("is a difference, and the only one told of the image", () => {
    const writes = { binding: "blob", client: "sdk", connects: "lazily" } as const;
    const { plan, container } = planned({ container: "main", writes });
    expect(container?.standIn).toEqual({ port: 9000, writes });
    const told = plan.differences.filter(({ what }) => what.includes("image"));
    expect(told).toEqual([
      {
        subject: "main",
        what: expect.stringMatching(
          /^image \S+ replaced by sitecar's stand-in main, which answers 200 on port 9000 and creates a blob through "blob" for each tick$/,
        ),
        why: "the caller of this run asked for it",
      },
    ]);
  });

  test("listens where the platform pings a main without a target port (A2.5)", () => {
    const [main] = site().siteContainers;
    const { targetPort: _, ...bare } = main?.properties ?? { image: "", isMain: true };
    const definition = site({ siteContainers: [{ name: "main", properties: bare }], daprSidecars: [] });
    expect(planned({ container: "main" }, definition).container?.standIn?.port).toBe(80);
  });

  test.each([undefined, 0, 80.5, 65_536])("of a sidecar needs a port: %s is none", (port) => {
    const bare = site({
      siteContainers: [...site().siteContainers, { name: "app", properties: { image: "a", isMain: false } }],
    });
    const standIn = { container: "app", ...(port === undefined ? {} : { port }) };
    expect(() => planned(standIn, bare)).toThrow(expect.objectContaining({ code: "USAGE" }));
    expect(planned({ container: "app", port: 9100 }, bare).container?.standIn?.port).toBe(9100);
  });

  test("of a container that the site has not is refused", () => {
    expect(() => planned({ container: "mian" })).toThrow(
      expect.objectContaining({
        code: "CONTAINER_UNKNOWN",
        message: expect.stringContaining('Did you mean "main"?'),
      }),
    );
  });
});

import { describe, expect, it } from "vitest";

import type { SitePlan } from "../plan/site-plan.ts";
import { savedPlan } from "./saved-plan.ts";

describe("savedPlan", () => {
  it("holds neither the identity's header nor a file's content", () => {
    const plan = {
      site: "shop",
      identity: { header: "the-header", address: "169.254.129.2" },
      containers: [
        {
          name: "main",
          environment: { IDENTITY_HEADER: "the-header" },
          files: [{ path: "/etc/x", content: "the-content", mode: 0o644 }],
        },
      ],
    } as unknown as SitePlan;
    const saved = JSON.stringify(savedPlan(plan));
    expect(saved).not.toMatch(/the-header|the-content/);
    expect(JSON.parse(saved)).toMatchObject({
      site: "shop",
      identity: { header: "(masked)", address: "169.254.129.2" },
      containers: [{ files: [{ path: "/etc/x", mode: "0644", bytes: 11 }] }],
    });
  });
});

import { describe, expect, it } from "vitest";
import { SpansOfTime } from "./spans-of-time.ts";

describe("SpansOfTime", () => {
  it("adds up what of a span it was so", () => {
    const spans = new SpansOfTime();
    spans.tell(true, 100);
    spans.tell(true, 150);
    spans.tell(false, 200);
    spans.tell(true, 500);
    expect(spans.within(0, 600)).toBe(200);
    expect(spans.within(180, 550)).toBe(70);
    expect(spans.within(210, 400)).toBe(0);
  });
});

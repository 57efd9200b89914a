import { describe, expect, test } from "vitest";
import { SitecarError } from "../../errors/index.ts";
import type { ProgressEvent } from "../../shared/progress.ts";
import { Steps, type Step } from "./steps.ts";

function recording(signal?: AbortSignal): { readonly steps: Steps; readonly events: ProgressEvent[] } {
  const events: ProgressEvent[] = [];
  return { steps: new Steps((event) => events.push(event), signal), events };
}

/** Work that ends only when it is told to. */
function untilAborted({ signal }: Step): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("ended")), { once: true });
  });
}

describe("Steps", () => {
  test("tells what a step does and what came out", async () => {
    const { steps, events } = recording();
    const value = await steps.settle(
      steps.run("image x", (step) => {
        step.say("fetching");
        step.say("building");
        return Promise.resolve({ value: 7, detail: "ready" });
      }),
    );
    expect(value).toBe(7);
    expect(events.map(({ step, state, detail }) => [step, state, detail])).toEqual([
      ["image x", "started", "fetching"],
      ["image x", "working", "building"],
      ["image x", "done", "ready"],
    ]);
  });

  test("names the step that failed, with its last lines, and ends the others", async () => {
    const { steps, events } = recording();
    const other = steps.run("image slow", (step) => {
      step.say("waiting");
      return untilAborted(step);
    });
    const broken = steps.run("image broken", (step) => {
      step.say("compiling");
      step.output("line one\nline two");
      return Promise.reject(new Error("exit code 2"));
    });
    const failure: unknown = await steps
      .settle(Promise.all([other, broken]))
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SitecarError);
    expect(failure).toMatchObject({
      code: "IMAGE_BUILD_FAILED",
      message: expect.stringContaining("image broken"),
    });
    expect(String(failure)).toContain("exit code 2");
    expect(String(failure)).toMatch(/line one\n\s+line two/);
    expect(
      events.filter(({ state }) => state === "failed").map(({ step, detail }) => [step, detail]),
    ).toEqual([
      ["image broken", expect.stringContaining("IMAGE_BUILD_FAILED")],
      ["image slow", "stopped"],
    ]);
  });

  test("calls a full disk by its name", async () => {
    const { steps } = recording();
    const work = steps.run("image x", (step) => {
      step.output("tar: write error: No space left on device");
      return Promise.reject(new Error("exit code 1"));
    });
    await expect(steps.settle(work)).rejects.toMatchObject({ code: "NO_SPACE" });
  });

  test("hands an error that is already told through unchanged", async () => {
    const { steps } = recording();
    const original = new SitecarError("IMAGE_NOT_FOUND", { message: "m", remedy: "r" });
    await expect(steps.settle(steps.run("x", () => Promise.reject(original)))).rejects.toBe(original);
  });

  test("stops when the caller gives up", async () => {
    const stop = new AbortController();
    const { steps } = recording(stop.signal);
    const work = steps.run("image x", untilAborted);
    stop.abort();
    await expect(steps.settle(work)).rejects.toMatchObject({ code: "RUN_STOPPED" });
  });
});

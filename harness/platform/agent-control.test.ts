import { describe, expect, test } from "vitest";
import { SitecarError } from "../errors/index.ts";
import { Deadline } from "../shared/clock.ts";
import { Timeline } from "../timeline/timeline.ts";
import { AgentControl } from "./agent-control.ts";
import type { AgentRequest } from "./agent-protocol.ts";
import { AgentReader } from "./agent-reader.ts";
import { smallPlan } from "./test-support/small-plan.ts";

const COMMAND = { type: "identity.heal", fault: "f" } as const;

function start() {
  const requests: AgentRequest[] = [];
  const control = new AgentControl((line) => {
    const request: AgentRequest = JSON.parse(line);
    requests.push(request);
  });
  const reader = new AgentReader({ plan: smallPlan(), timeline: new Timeline(), answers: control });
  const ask = (budgetMs = 10_000, signal?: AbortSignal) =>
    control.request(COMMAND, { deadline: Deadline.in(budgetMs), ...(signal && { signal }) });
  const answer = (id: number, error: string | null = null) =>
    reader.write(`${JSON.stringify({ wallMs: 1, type: "answer", id, error })}\n`);
  return { control, reader, requests, ask, answer };
}

describe("a request to the agent", () => {
  test("is done when its own answer comes, in whatever order answers come", async () => {
    const { ask, answer, requests } = start();
    const done: string[] = [];
    const first = ask().then(() => done.push("first"));
    const second = ask().then(() => done.push("second"));
    expect(requests).toEqual([
      { id: 1, ...COMMAND },
      { id: 2, ...COMMAND },
    ]);
    answer(2);
    await second;
    answer(1);
    await first;
    expect(done).toEqual(["second", "first"]);
  });

  test("fails with what the agent said", async () => {
    const { ask, answer } = start();
    const asked = ask();
    answer(1, "ENOSPC");
    await expect(asked).rejects.toMatchObject({
      code: "PLATFORM_FAILED",
      message: expect.stringMatching(/could not do "identity\.heal"[^]*ENOSPC/),
    });
  });

  test("fails when the agent ends, before the answer or before the request", async () => {
    const { ask, control, reader, requests } = start();
    const asked = ask();
    reader.end();
    await expect(asked).rejects.toThrow("the agent ended before it answered");
    await expect(ask()).rejects.toThrow("had ended before");
    expect([requests.length, control.alive]).toEqual([1, false]);
  });

  test("fails at its deadline; an answer that comes later belongs to nobody", async () => {
    const { ask, answer } = start();
    await expect(ask(20)).rejects.toMatchObject({ code: "PLATFORM_FAILED" });
    answer(1, "late");
    const next = ask();
    answer(2);
    await expect(next).resolves.toBeUndefined();
  });

  test("ends with the caller's signal: an error of ours is the better answer", async () => {
    const stop = new AbortController();
    const asked = start().ask(10_000, stop.signal);
    stop.abort(new Error("Ctrl-C"));
    await expect(asked).rejects.toMatchObject({ code: "RUN_STOPPED" });
    const gone = new SitecarError("ENGINE_GONE", { message: "m", remedy: "r" });
    const { ask, requests } = start();
    await expect(ask(10_000, AbortSignal.abort(gone))).rejects.toBe(gone);
    expect(requests).toEqual([]);
  });
});

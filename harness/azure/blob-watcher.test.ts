import { expect, onTestFinished, test } from "vitest";
import { Deadline, poll } from "../shared/clock.ts";
import { Timeline } from "../timeline/timeline.ts";
import { BlobWatcher } from "./blob-watcher.ts";
import { ACCOUNT } from "./test-support/small-storage.ts";
import { NOON, storageFixture } from "./test-support/storage-fixture.ts";

const { smallStorage, readerOf } = storageFixture();

/** A watcher that looks every few milliseconds at `ports`, asked anew after a failure. */
function watch(port: () => number): { timeline: Timeline; stop: () => Promise<void> } {
  const timeline = new Timeline();
  const abort = new AbortController();
  const watcher = new BlobWatcher({
    timeline,
    intervalMs: 10,
    readers: () => Promise.resolve([readerOf(port(), { requestLimitMs: 1000 })]),
  });
  const ended = watcher.run(abort.signal);
  const stop = async (): Promise<void> => {
    abort.abort();
    await ended;
  };
  onTestFinished(() => abort.abort());
  return { timeline, stop };
}

const until = (timeline: Timeline, type: "blob.created" | "observer.failed", count: number): Promise<true> =>
  timeline.waitFor(() => (timeline.of(type).length >= count ? true : undefined), {
    deadline: Deadline.in(10_000),
    description: `${count} × ${type}`,
  });

test("records each blob once, and one that was created anew again", async () => {
  const storage = smallStorage();
  storage.blobs.set("a", { content: "1", createdOn: NOON });
  const port = await storage.listen();
  const { timeline, stop } = watch(() => port);
  await until(timeline, "blob.created", 1);
  storage.blobs.set("b", { content: "22", createdOn: NOON });
  await until(timeline, "blob.created", 2);
  storage.blobs.set("a", { content: "333", createdOn: "Mon, 23 Nov 2026 12:00:10 GMT" });
  await until(timeline, "blob.created", 3);
  const looks = storage.requests.length;
  storage.blobs.set("c", { content: "", createdOn: NOON });
  await until(timeline, "blob.created", 4);
  await stop();

  expect(storage.requests.length).toBeGreaterThan(looks);
  expect(timeline.of("blob.created").map(({ blob, size }) => `${blob} ${size}`)).toEqual([
    "a 1",
    "b 2",
    "a 3",
    "c 0",
  ]);
  expect(timeline.of("blob.created")[0]).toMatchObject({
    account: ACCOUNT,
    container: "container1",
    createdOn: "2026-11-23T12:00:00.000Z",
  });
  expect(timeline.of("observer.failed")).toEqual([]);
});

test("an outage is reported once and survived, on another port too; the next one again", async () => {
  const first = smallStorage();
  let port = await first.listen();
  let asked = 0;
  const { timeline, stop } = watch(() => {
    asked++;
    return port;
  });
  first.blobs.set("a", { content: "1", createdOn: NOON });
  await until(timeline, "blob.created", 1);
  first.stop();
  await until(timeline, "observer.failed", 1);
  const askedThen = asked;
  // Several failing looks, none of which may be reported again.
  await poll(() => Promise.resolve(asked >= askedThen + 5 ? true : undefined), {
    deadline: Deadline.in(10_000),
    intervalMs: 5,
  });
  const second = smallStorage();
  second.blobs.set("b", { content: "1", createdOn: NOON });
  port = await second.listen();
  await until(timeline, "blob.created", 2);
  expect(timeline.of("observer.failed")).toHaveLength(1);
  second.stop();
  await until(timeline, "observer.failed", 2);
  await stop();
  expect(timeline.of("observer.failed")[0]).toMatchObject({
    observer: "blobs",
    detail: expect.stringContaining("STORAGE_UNREADABLE"),
  });
});

test("a stop is no failure", async () => {
  const port = await smallStorage().listen();
  const { timeline, stop } = watch(() => port);
  await stop();
  expect(timeline.events).toEqual([]);
});

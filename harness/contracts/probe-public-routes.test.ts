import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { readComponentFile } from "../dapr/component-files.ts";
import { PLATFORM_ANSWER_HEADER } from "../platform/front-end/platform-answer.ts";
import { inputBindingRoutes } from "./not-public.ts";
import { PATH_SPELLINGS } from "./path-spellings.ts";
import { probePublicRoutes, type ProbePublicRoutesOptions } from "./probe-public-routes.ts";

const ROUTE = "/.internal/batch";

interface Seen {
  readonly method: string;
  readonly url: string;
}

/** A main that says what it was asked, and the judgement of one route through it. */
async function judge(listener: RequestListener, more: Partial<ProbePublicRoutesOptions> = {}) {
  const seen: Seen[] = [];
  const server = createServer((incoming, response) => {
    seen.push({ method: incoming.method ?? "", url: incoming.url ?? "" });
    listener(incoming, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const options = {
    url: `http://127.0.0.1:${port}`,
    routes: [ROUTE],
    signal: new AbortController().signal,
    ...more,
  };
  const [judgement] = await probePublicRoutes(options);
  if (judgement === undefined) throw new Error("no judgement");
  return { ...judgement, seen };
}

/** Hono's habit: the route by its exact path and method, 404 for everything else. */
function app(matches: (path: string) => boolean, status = 200): RequestListener {
  return ({ method, url = "" }, response) => {
    const path = (url.split("?")[0] ?? "").split("#")[0] ?? "";
    response.writeHead(method === "POST" && matches(path) ? status : 404).end();
  };
}

describe("broken", () => {
  test("a route that runs for anyone, with the request that ran it and no further one", async () => {
    const { verdict, evidence, remedy, seen } = await judge(app((path) => path === ROUTE));
    expect(verdict).toBe("broken");
    expect(evidence).toEqual([
      "POST /.internal/batch (the route as it is) was answered 200, a path beside it 404: the route is reached.",
    ]);
    expect(remedy).toContain("refuses /.internal in every spelling");
    expect(seen.filter(({ url }) => url === ROUTE).map(({ method }) => method)).toEqual(["OPTIONS", "POST"]);
  });

  test.for([400, 415, 422, 500, 503])(
    "a route whose work answers %i is reached all the same",
    async (status) => {
      expect(await judge(app((path) => path === ROUTE, status))).toMatchObject({ verdict: "broken" });
    },
  );

  test("a route that answers daprd's question is found without running it", async () => {
    const { verdict, seen } = await judge(({ url }, response) =>
      response.writeHead(url === ROUTE ? 200 : 404).end(),
    );
    expect(verdict).toBe("broken");
    expect(seen.map(({ method }) => method)).not.toContain("POST");
  });

  test.for(
    PATH_SPELLINGS.filter(({ how }) => !["as it is", "with a query", "with a fragment"].includes(how)),
  )("a proxy that lets it through $how", async ({ spell }) => {
    const trick = spell(ROUTE).split("#")[0] ?? "";
    const { verdict, evidence } = await judge(app((path) => path === trick));
    expect(verdict).toBe("broken");
    expect(evidence[0]).toContain(spell(ROUTE));
  });

  test("work that the answer hides is broken by what was seen outside", async () => {
    let works = 0;
    const hiding: RequestListener = ({ method, url }, response) => {
      if (method === "POST" && url === ROUTE) works++;
      response.writeHead(404).end();
    };
    const { verdict, evidence } = await judge(hiding, { ran: () => Promise.resolve(works > 0) });
    expect({ verdict, works }).toEqual({ verdict: "broken", works: 1 });
    expect(evidence).toEqual([expect.stringContaining("was answered 404, and main did its work")]);
  });
});

describe("held", () => {
  test.for([401, 403, 404])("%i for every spelling", async (status) => {
    const { verdict, evidence, seen } = await judge((_, response) => response.writeHead(status).end());
    expect(verdict).toBe("held");
    expect(evidence).toHaveLength(PATH_SPELLINGS.length * 2);
    expect(seen.map(({ url }) => url)).toContain("/%2einternal/%62atch");
  });

  test("a server that refuses the form of a path as it does for any other", async () => {
    const { verdict } = await judge(({ url = "" }, response) =>
      response.writeHead(url === ROUTE ? 403 : url.includes("%") ? 400 : 301).end(),
    );
    expect(verdict).toBe("held");
  });
});

describe("unknown", () => {
  test("the platform answers in main's place", async () => {
    const { verdict, evidence } = await judge((_, response) =>
      response.writeHead(503, { [PLATFORM_ANSWER_HEADER]: "Starting" }).end(),
    );
    expect(verdict).toBe("unknown");
    expect(evidence[0]).toContain("the platform answered 503 in main's place");
  });

  test("a main that answers 200 to everything", async () => {
    const { verdict, evidence } = await judge((_, response) => response.end("welcome"));
    expect(verdict).toBe("unknown");
    expect(evidence[0]).toContain("so is a path that nobody has");
  });

  test("a main that answers nothing", async () => {
    const { verdict, evidence } = await judge((incoming) => incoming.socket.destroy());
    expect(verdict).toBe("unknown");
    expect(evidence[0]).toContain("socket hang up");
  });

  test("a main that takes too long", async () => {
    const { verdict, evidence } = await judge(() => undefined, { answerWithinMs: 5 });
    expect(verdict).toBe("unknown");
    expect(evidence[0]).toContain("no answer in 0.005 s");
  });

  test("without leave to run the route's work, what only that can show; nothing is run", async () => {
    const { verdict, evidence, seen } = await judge(
      app((path) => path === ROUTE),
      { mayRun: false },
    );
    expect(verdict).toBe("unknown");
    expect(evidence).toEqual([expect.stringContaining("no POST was sent")]);
    expect(seen.map(({ method }) => method)).not.toContain("POST");
  });
});

test("every route has a judgement of its own", async () => {
  const signal = new AbortController().signal;
  const judgements = await probePublicRoutes({ url: "http://127.0.0.1:1", routes: ["/a", "b"], signal });
  expect(judgements.map(({ contract }) => contract)).toEqual(['notPublic("/a")', 'notPublic("b")']);
});

test("it can be given up", async () => {
  const giveUp = new AbortController();
  const judging = judge(() => giveUp.abort(new Error("enough")), { signal: giveUp.signal });
  await expect(judging).rejects.toThrow("enough");
});

function file(name: string, spec: string) {
  const lines = ["apiVersion: dapr.io/v1alpha1", "kind: Component", `metadata: { name: ${name} }`, spec];
  return readComponentFile(`${name}.yaml`, Buffer.from(lines.join("\n")));
}

test("the routes are those that daprd calls: input bindings, by their route or their name", () => {
  expect(
    inputBindingRoutes([
      file("tick", "spec: { type: bindings.cron, metadata: [{ name: route, value: /.internal/batch }] }"),
      file("named", "spec: { type: bindings.cron }"),
      file("queue", "spec: { type: bindings.azure.servicebusqueues }"),
      file("out", "spec: { type: bindings.cron, metadata: [{ name: direction, value: output }] }"),
      file("blob", "spec: { type: bindings.azure.blobstorage }"),
      file("state", "spec: { type: state.redis }"),
      file("again", "spec: { type: bindings.cron, metadata: [{ name: route, value: .internal/batch }] }"),
    ]),
  ).toEqual(["/.internal/batch", "/named", "/queue"]);
});

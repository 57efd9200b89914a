import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { headerOf } from "../../harness/wire/exchange.ts";
import { everySecond, withAppSettings } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";

const test = siteTest("fixtures/sites/example", { tap: true });

const API_TOKEN = "tok-of-the-sidecar-7b1f";
const APP_TOKEN = "tok-of-the-app-90c2";
const PASSWORD = "hunter22-of-a-database";

/** Beside what containers print themselves: main's entrypoint prints its whole environment (docs/tap.md). */
const WRITTEN_BY_US = ["timeline.jsonl", "plan.json", "record.json", "inputs.json", "logs/platform.log"];

test("no secret of the wire reaches the disk", async ({ startSite, definition }) => {
  const settings = {
    DAPR_API_TOKEN: API_TOKEN,
    APP_API_TOKEN: APP_TOKEN,
    DATABASE_PASSWORD: PASSWORD,
  };
  const site = await startSite({ files: await everySecond() }, withAppSettings(definition, settings));
  const { plan } = site;
  await untilEvent(site, "tick", { nth: 2, withinMs: 60_000 });
  // What no mask knows by its name or its form: a value of the site's, in a body.
  await site.container("dapr").exec(["bash", "-c", saying(`it is ${PASSWORD}, isn't it`)]);
  const exchanges = await site.exchanges();

  // They were on the wire: what hides them is the mask, and not that nobody sent them.
  const headers = (name: string): unknown[] =>
    exchanges.map(({ request }) => headerOf(request.headers, name)).filter((value) => value !== undefined);
  expect(new Set(headers("dapr-api-token"))).toEqual(new Set(["(masked)"]));
  expect(headers("x-identity-header")).toContain("(masked)");
  const token = exchanges.find(({ to }) => to.container === "platform")?.response?.body.text ?? "";
  expect(JSON.parse(token)).toMatchObject({ access_token: "(masked)", token_type: "Bearer" });
  expect(exchanges.map(({ request }) => request.body.text)).toContain("it is (masked), isn't it");

  const secrets = [API_TOKEN, APP_TOKEN, PASSWORD, plan.identity?.header ?? "?", "eyJ"];
  const texts = new Map(
    await Promise.all(
      WRITTEN_BY_US.map(async (file): Promise<[string, string]> => [
        file,
        await readFile(path.join(site.runDirectory, file), "utf8").catch(() => ""),
      ]),
    ),
  );
  expect(texts.get("timeline.jsonl")).toContain('"type":"exchange"');
  expect(texts.get("logs/platform.log")).toContain('"type":"exchange"');
  const found = [...texts].flatMap(([file, text]) =>
    secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${file}`),
  );
  expect(found).toEqual([]);
});

/** A request to main, by what every shell has. */
function saying(body: string): string {
  const request = `POST /said HTTP/1.1\\r\\nHost: main\\r\\nConnection: close\\r\\nContent-Length: ${body.length}\\r\\n\\r\\n${body}`;
  return `exec 3<>/dev/tcp/127.0.0.1/9000 && printf "${request}" >&3 && cat <&3`;
}

import { expect, test } from "vitest";
import { idleTooLong, PLATFORM_ANSWER_HEADER, renderAnswer, siteUnavailable } from "./platform-answer.ts";
import { ChangingSite } from "./test-support/changing-site.ts";

test.for([
  ["text/html,application/xhtml+xml,*/*;q=0.8", "text/html"],
  ["application/json", "application/json"],
  ["application/problem+json, */*", "application/json"],
  ["*/*", "text/plain"],
  [undefined, "text/plain"],
] as const)("for Accept %s the body is %s", ([accept, type]) => {
  const { headers, body } = renderAnswer(idleTooLong(230_000), accept);
  expect(headers["content-type"]).toBe(`${type}; charset=utf-8`);
  expect(headers["content-length"]).toBe(Buffer.byteLength(body));
  expect(headers[PLATFORM_ANSWER_HEADER]).toBe("idle");
  expect(body).toContain("230 s");
});

test("what the site says can't break the page or the JSON", () => {
  const site = new ChangingSite();
  site.explanation = `main said <script>"boom" & 'bust'</script> ü`;
  const answer = siteUnavailable(site);
  expect(renderAnswer(answer, "text/html").body).toContain(
    "&#60;script&#62;&#34;boom&#34; &#38; &#39;bust&#39;&#60;/script&#62; ü",
  );
  expect(JSON.parse(renderAnswer(answer, "application/json").body)).toMatchObject({
    explanation: expect.stringContaining(site.explanation),
  });
});

test("only a site that can still come says when to ask again", () => {
  const site = new ChangingSite();
  const retry = (): unknown => renderAnswer(siteUnavailable(site), undefined).headers["retry-after"];
  expect(retry()).toBe("5");
  site.become("Blocked");
  expect(retry()).toBeUndefined();
});

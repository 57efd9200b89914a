import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markup } from "./markup.ts";

describe("markup", () => {
  it("takes text as text, markup as markup, lists joined, and nothing for nothing", () => {
    const inner = markup`<b>${"<i>"}</b>`;
    expect(markup`<p title="${`"'&`}">${inner}${[1, inner]}${undefined}${false}</p>`.text).toBe(
      '<p title="&quot;&#39;&amp;"><b>&lt;i&gt;</b>1<b>&lt;i&gt;</b></p>',
    );
  });

  it("lets no text out of its place", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii" }), (text) => {
        const [, inside = ""] = /^<p title="(.*)">$/s.exec(markup`<p title="${text}">`.text) ?? [];
        expect(inside).not.toMatch(/[<>"']|(?![\t\n\r])\p{Cc}|&(?!(?:amp|lt|gt|quot|#39);)/u);
      }),
    );
  });

  it("shows control characters, which a page can't hold", () => {
    expect(markup`${"\u001B[31mred\u007F\0"}`.text).toBe("␛[31mred␡␀");
  });
});

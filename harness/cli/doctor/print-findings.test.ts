import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { formatBytes, gibibytes, mebibytes, ok, problem, warning } from "./finding.ts";
import { formatFindings, outcomeOf } from "./print-findings.ts";

const FINE = ok("node", "Node 24");
const ODD = warning("disk", "little room", "make some");
const WRONG = problem("published ports", "no answer", "open the firewall");

describe("findings", () => {
  it("are as bad as the worst", () => {
    expect(outcomeOf([])).toBe("ok");
    expect(outcomeOf([FINE])).toBe("ok");
    expect(outcomeOf([FINE, ODD])).toBe("warning");
    expect(outcomeOf([WRONG, ODD, FINE])).toBe("problem");
  });

  it("are printed one below the other with their remedies, and summed up", () => {
    expect(stripVTControlCharacters(formatFindings([FINE, ODD, WRONG])).split("\n")).toEqual([
      "  ✔ node             Node 24",
      "  ! disk             little room",
      "                     → make some",
      "  ✘ published ports  no answer",
      "                     → open the firewall",
      "",
      "A site can't run here yet: 1 problem.",
    ]);
    expect(formatFindings([FINE]).split("\n").at(-1)).toBe("A site can run here.");
    expect(formatFindings([FINE, ODD]).split("\n").at(-1)).toBe("A site can run here; 1 warning.");
  });

  it("tell bytes as people do", () => {
    expect(formatBytes(gibibytes(1.5))).toBe("1.5 GB");
    expect(formatBytes(mebibytes(320))).toBe("320 MB");
    expect(formatBytes(0)).toBe("0 MB");
  });
});

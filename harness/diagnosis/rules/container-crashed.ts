import { BROKEN_BY_A_DEAD_CONTAINER } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromEvent, fromLine, inSeconds } from "../evidence.ts";

/** Of a container that no rule knows better: how it ended, and its last words. */
export const containerCrashed: DiagnosisRule = {
  id: "container-crashed",
  about: "A container ended by itself; what it printed last may say why.",
  source: "A3.3, A3.6, A3.7",
  explains: BROKEN_BY_A_DEAD_CONTAINER,
  advice: ["Read its last lines; an end with exit code 0 is treated like any other."],
  conclude(look) {
    const { observedUntilMs } = look.record;
    const exit = look
      .events("container.exited")
      .find(
        ({ container, asked, tMs }) => !asked && tMs <= observedUntilMs && look.concernsContainer(container),
      );
    if (
      exit === undefined ||
      look.daprds.some(
        ({ container, lines }) =>
          container === exit.container && lines.some(({ level }) => level === "fatal"),
      )
    ) {
      return undefined;
    }
    const life = look.lives(exit.container, exit.instance).findLast(({ startedMs }) => startedMs <= exit.tMs);
    const last = look
      .lines(exit.container)
      .filter(({ line, message }) => line.tMs <= exit.tMs + 100 && message.trim() !== "")
      .slice(-3);
    return {
      cause: `"${exit.container}" ended by itself with exit code ${exit.exitCode}${life === undefined ? "" : `, ${inSeconds(exit.tMs - life.startedMs)} after its start`}.`,
      evidence: [fromEvent(exit), ...last.map(fromLine)],
      remedies: [
        {
          text: `read the last lines of "${exit.container}"; a container of a site has to run for as long as the site does`,
        },
      ],
    };
  },
};

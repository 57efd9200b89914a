import { BROKEN_BY_A_DEAD_CONTAINER } from "../broken-contracts.ts";
import type { DiagnosisRule } from "../diagnosis.ts";
import { fromEvent } from "../evidence.ts";

export const outOfMemory: DiagnosisRule = {
  id: "out-of-memory",
  about: "The kernel killed a process because the memory that all containers share ran out.",
  source: "A3.10",
  explains: BROKEN_BY_A_DEAD_CONTAINER,
  insteadOf: ["container-crashed", "shell-is-pid-1"],
  advice: [
    "Take a larger App Service plan, or let the containers use less: all of an instance share its memory.",
  ],
  conclude(look) {
    const killed = look
      .events("container.out-of-memory")
      .find(({ container }) => look.concernsContainer(container));
    const exit = look
      .events("container.exited")
      .find(({ container, outOfMemory: byMemory }) => byMemory && look.concernsContainer(container));
    const container = killed?.container ?? exit?.container;
    if (container === undefined) return undefined;
    const { resources } = look.record.plan;
    return {
      cause: `memory ran out, and the kernel killed ${killed === undefined ? "a process" : killed.process} of "${container}".`,
      evidence: [
        ...(killed === undefined ? [] : [fromEvent(killed)]),
        ...(exit === undefined ? [] : [fromEvent(exit)]),
        ...(resources === undefined
          ? []
          : [
              {
                source: "plan",
                quote: `${resources.sku}: ${resources.memoryBytes} bytes for all containers`,
              },
            ]),
      ],
      remedies: [{ text: "take a larger App Service plan, or let the containers use less memory" }],
    };
  },
};

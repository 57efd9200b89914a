import type { Engine } from "./engine.ts";

/** Counts the calls that this process makes to an engine, from now on. Calls of testcontainers go another way. */
export function countCalls(engine: Engine): { readonly calls: number; stop(): void } {
  const { modem } = engine.docker;
  const before = modem.dial.bind(modem);
  let calls = 0;
  const counting: typeof modem.dial = (options, callback) => {
    calls++;
    before(options, callback);
  };
  modem.dial = counting;
  return {
    get calls() {
      return calls;
    },
    stop() {
      if (modem.dial === counting) modem.dial = before;
    },
  };
}

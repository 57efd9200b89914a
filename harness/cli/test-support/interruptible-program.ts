/** Says when it is asked to end, and goes on until its standard input is closed or it is ended. */
import { interruptible } from "../interrupt.ts";

const interrupt = interruptible();
interrupt.signal.addEventListener("abort", () => {
  process.stderr.write(`${String(interrupt.signal.reason)}\n`);
});
process.stdin.on("data", (chunk) => process.stdout.write(chunk));
process.stdin.once("end", () => {
  interrupt.release();
  process.stderr.write("released\n");
});
process.stdout.write("running\n");

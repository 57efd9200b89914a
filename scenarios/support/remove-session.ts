/** Removes everything of one test session: `node remove-session.ts <session>`. For a vitest that is on its way out. */
import { connectEngine } from "../../harness/runtime/engine/connect-engine.ts";
import { findLeftovers, removeLeftovers } from "../../harness/runtime/leftovers.ts";

// A second Ctrl-C is for the process that waits for this one.
process.on("SIGINT", () => undefined);

const session = process.argv[2];
const engine = await connectEngine({ mayInstall: false });
for (;;) {
  const left = (await findLeftovers(engine)).filter((one) => one.session === session);
  if (left.length === 0) break;
  // Again, because a worker that ends at this moment may just have created one more.
  await removeLeftovers(engine, left);
}

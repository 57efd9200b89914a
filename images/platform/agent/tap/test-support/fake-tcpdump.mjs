#!/usr/bin/env node
// Says what tcpdump says and when. FAKE_TCPDUMP: "fails" at once, "dies" when it is asked for its statistics.
const say = (line) => process.stderr.write(`${line}\n`);
if (process.env.FAKE_TCPDUMP === "fails") {
  say("tcpdump: lo: You don't have permission to perform this capture on that device");
  process.exit(1);
}
let asked = 0;
process.on("SIGUSR1", () => {
  if (process.env.FAKE_TCPDUMP === "dies") process.exit(3);
  asked++;
  say(
    `tcpdump: 9 packets captured, 9 packets received by filter, ${asked === 1 ? 0 : 2} packets dropped by kernel`,
  );
});
process.on("SIGINT", () => process.exit(0));
setInterval(() => undefined, 1000);
process.stdout.write(process.argv.slice(2).join(" "));
say("tcpdump: listening on lo, link-type EN10MB (Ethernet), snapshot length 262144 bytes");

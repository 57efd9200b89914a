import { execFile } from "node:child_process";

/** Azure's instance metadata service: on a cloud VM it would hand out the machine's own identity. */
const INSTANCE_METADATA_ADDRESS = "169.254.169.254";

/**
 * Gives the namespace's loopback App Service's own addresses and takes the cloud's metadata address away, so that the
 * identity of the machine underneath never leaks into the site.
 * @throws {Error} with what `ip` said.
 */
export async function prepareNamespace(addresses: readonly string[]): Promise<void> {
  const commands = [
    ...addresses.map((address) => `address replace ${address}/32 dev lo`),
    `route replace unreachable ${INSTANCE_METADATA_ADDRESS}/32`,
  ];
  await tell("ip", ["-batch", "-"], commands.join("\n"));
}

/**
 * Hands a program its commands on standard input.
 * @throws {Error} with what it said, when it did not do them.
 */
export function tell(program: string, args: readonly string[], commands: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, [...args], (error, _stdout, stderr) => {
      if (error) {
        const said = stderr.trim() || error.message;
        reject(new Error(`${program} ${args[0] ?? ""} failed: ${said}`, { cause: error }));
      } else resolve();
    });
    child.stdin?.on("error", () => undefined); // The exit code and standard error tell more than a broken pipe.
    child.stdin?.end(`${commands}\n`);
  });
}

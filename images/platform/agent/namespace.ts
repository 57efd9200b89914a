import { execFile } from "node:child_process";

/** Azure's instance metadata service: on a cloud VM it would hand out the machine's own identity. */
const INSTANCE_METADATA_ADDRESS = "169.254.169.254";

/**
 * Gives the namespace App Service's identity address and takes the cloud's metadata address away, so that the
 * identity of the machine underneath never leaks into the site.
 * @throws {Error} with what `ip` said.
 */
export function prepareNamespace(identityAddress: string | null): Promise<void> {
  const commands = [`route replace unreachable ${INSTANCE_METADATA_ADDRESS}/32`];
  if (identityAddress !== null) commands.unshift(`address replace ${identityAddress}/32 dev lo`);
  return new Promise((resolve, reject) => {
    const ip = execFile("ip", ["-batch", "-"], (error, _stdout, stderr) => {
      if (error) reject(new Error(`ip -batch failed: ${stderr.trim() || error.message}`, { cause: error }));
      else resolve();
    });
    ip.stdin?.on("error", () => undefined); // The exit code and standard error tell more than a broken pipe.
    ip.stdin?.end(`${commands.join("\n")}\n`);
  });
}

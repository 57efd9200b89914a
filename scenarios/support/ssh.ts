import { text } from "node:stream/consumers";
import ssh2, { type ClientChannel } from "ssh2";

export interface SshLogin {
  readonly username: string;
  readonly password: string;
  /** The only ones offered to the server. */
  readonly cipher: "aes128-cbc";
  readonly mac: "hmac-sha1";
}

/**
 * Logs in on a published port, runs one command and hands back its standard output.
 * @throws {Error} when the login or the command fails.
 */
export async function runOverSsh(port: number, login: SshLogin, command: string): Promise<string> {
  const client = new ssh2.Client();
  try {
    await new Promise<void>((resolve, reject) => {
      client.once("ready", resolve).once("error", reject);
      client.connect({
        host: "127.0.0.1",
        port,
        username: login.username,
        password: login.password,
        algorithms: { cipher: [login.cipher], hmac: [login.mac] },
        readyTimeout: 20_000,
      });
    });
    return await new Promise<string>((resolve, reject) => {
      client.once("error", reject);
      client.exec(command, (error, channel) => {
        if (error === undefined) resolve(output(channel, command));
        else reject(error);
      });
    });
  } finally {
    client.end();
  }
}

/** To be called as soon as the channel is open: a command that ends at once has ended with the same packet. */
async function output(channel: ClientChannel, command: string): Promise<string> {
  const ended = new Promise<unknown>((resolve) => channel.once("exit", resolve));
  const [stdout, stderr, exitCode] = await Promise.all([text(channel), text(channel.stderr), ended]);
  if (exitCode !== 0) throw new Error(`${command} ended with ${String(exitCode)}: ${stderr}`);
  return stdout;
}

import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { PactFile } from "./pact-file.ts";

/** As Pact's tools name their files. */
export function pactFileName({ consumer, provider }: PactFile): string {
  return `${consumer.name}-${provider.name}.json`;
}

export function pactText(pact: PactFile): string {
  return `${JSON.stringify(pact, undefined, 2)}\n`;
}

/** Writes contracts into a folder, made when it is not there, and hands back the files' paths. */
export async function writePacts(directory: string, pacts: readonly PactFile[]): Promise<readonly string[]> {
  await mkdir(directory, { recursive: true });
  return await Promise.all(
    pacts.map(async (pact) => {
      const file = path.join(directory, pactFileName(pact));
      await writeFile(file, pactText(pact));
      return file;
    }),
  );
}

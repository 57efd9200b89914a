import { readFile } from "node:fs/promises";
import path from "node:path";
import { request as sendRequest } from "node:http";
import { buffer } from "node:stream/consumers";

import { DaprTwin } from "../dapr-twin.ts";
import { readResource, type ResourceFile } from "../read-resources.ts";
import { caseAnswer } from "./case-answer.ts";
import {
  SIDECARS,
  type CaseAnswer,
  type CaseRequest,
  type ParityCase,
  type SidecarName,
} from "./parity-case.ts";

const HERE = import.meta.dirname;
const EXAMPLE = path.join(HERE, "../../../fixtures/components");

/** Where the secrets lie in the container; the twin reads them from the repository. */
const SECRETS = "/secrets.json";

/** What is placed into the sidecar beside the example's components, by its path there. */
export async function extraFiles(): Promise<Readonly<Record<string, string>>> {
  return {
    "/root/.dapr/components/resiliency.yaml": await read("components/resiliency.yaml"),
    "/root/.dapr/components/ticks.yaml": await read("components/ticks.yaml"),
    "/root/.dapr/components/twin.yaml": await read("components/twin.yaml"),
    [SECRETS]: await read("secrets.json"),
  };
}

/** Environment of daprd, for `secretstores.local.env`. */
export const ENVIRONMENT = { TWIN_A: "1", TWIN_B: "two" } as const;

function read(name: string): Promise<string> {
  return readFile(path.join(HERE, name), "utf8");
}

export async function twinOf(sidecar: SidecarName): Promise<DaprTwin> {
  const { phase, apiToken, extra } = SIDECARS[sidecar];
  return new DaprTwin({ files: await filesOf(extra), phase, apiToken, environment: ENVIRONMENT });
}

async function filesOf(extra: boolean): Promise<ResourceFile[]> {
  const example = await Promise.all(
    ["batch.yaml", "blob.yaml"].map(
      async (name) => [name, await readFile(path.join(EXAMPLE, name), "utf8")] as const,
    ),
  );
  const more = extra ? Object.entries(await extraFiles()).filter(([name]) => name.endsWith(".yaml")) : [];
  return [...example, ...more].map(([name, text]) =>
    readResource(name, Buffer.from(text.replaceAll(SECRETS, path.join(HERE, "secrets.json")))),
  );
}

/** Asks somebody a case's requests, one after the other. */
export type Asker = (request: CaseRequest) => Promise<CaseAnswer>;

export async function runCase({ requests }: ParityCase, ask: Asker): Promise<CaseAnswer[]> {
  const answers: CaseAnswer[] = [];
  for (const request of requests) answers.push(await ask(request));
  return answers;
}

export function askTwin(twin: DaprTwin): Asker {
  return async ({ method, target, body, headers = {} }) => {
    const answer = await twin.respond({
      method,
      target,
      headers: new Map(Object.entries(headers)),
      body: bytesOf(body),
    });
    if (answer === "refused") throw new Error("the twin refused");
    return caseAnswer(answer);
  };
}

/** Over HTTP, with path and headers as they are written in the case. */
export function askServer(port: number): Asker {
  return ({ method, target, body, headers = {} }) =>
    new Promise((resolve, reject) => {
      const bytes = bytesOf(body);
      const asked = sendRequest(
        {
          host: "127.0.0.1",
          port,
          method,
          path: target,
          agent: false,
          headers: { ...headers, ...(body === undefined ? {} : { "content-length": bytes.length }) },
        },
        (answer) => {
          const names = Object.entries(answer.headers);
          buffer(answer).then(
            (content) =>
              resolve(
                caseAnswer({
                  status: answer.statusCode ?? 0,
                  headers: names.map(([name, value]) => [name, String(value)]),
                  body: content,
                }),
              ),
            reject,
          );
        },
      );
      asked.on("error", reject);
      asked.end(bytes);
    });
}

function bytesOf(body: unknown): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

import type { Readable } from "node:stream";
import type { Engine } from "../engine/engine.ts";
import { engineError, isNotFound } from "../engine/engine-error.ts";

/** What the engine knows of an image that it holds. */
export interface LocalImage {
  readonly id: string;
  readonly digests: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Labels on everything that sitecar makes, so that it can be found and removed. */
export const IMAGE_LABEL = "sitecar.image";
export const HASH_LABEL = "sitecar.hash";
/** On an image whose daprd follows virtual time, so that it is never taken for another; says which daprd it is. */
export const VIRTUAL_TIME_LABEL = "sitecar.virtual-time";

/** The image under this name, or `undefined` when the engine has none. */
export async function localImage(engine: Engine, reference: string): Promise<LocalImage | undefined> {
  try {
    const found = await engine.docker.getImage(reference).inspect();
    return { id: found.Id, digests: found.RepoDigests ?? [], labels: found.Config?.Labels ?? {} };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw engineError(error, `look for image ${reference}`);
  }
}

/** Gives an image its final name; until then nothing refers to it. */
export async function tagImage(engine: Engine, id: string, reference: string): Promise<void> {
  const colon = reference.lastIndexOf(":");
  try {
    await engine.docker
      .getImage(id)
      .tag({ repo: reference.slice(0, colon), tag: reference.slice(colon + 1) });
  } catch (error) {
    throw engineError(error, `tag image ${reference}`);
  }
}

export interface BuildRequest {
  readonly context: Readable;
  readonly dockerfile: string;
  readonly buildArguments: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onOutput: (text: string) => void;
}

/**
 * Builds with the engine's own builder (every engine since 1.41 has it) and hands back the image's id.
 * @throws Error with the builder's words when a step fails
 */
export async function buildOnEngine(engine: Engine, request: BuildRequest): Promise<string> {
  let id: string | undefined;
  const call = engine.docker.buildImage(request.context, {
    dockerfile: request.dockerfile,
    buildargs: { ...request.buildArguments },
    labels: { ...request.labels },
    rm: true,
    forcerm: true,
    abortSignal: request.signal,
  });
  for await (const message of messagesOf(call, "build an image")) {
    if (message.stream !== undefined) request.onOutput(message.stream);
    if (message.imageId !== undefined) id = message.imageId;
  }
  if (id === undefined) throw new Error("the engine's builder ended without an image");
  return id;
}

/** Pulls an image. `onOutput` gets what each layer is doing. */
export async function pullOntoEngine(
  engine: Engine,
  reference: string,
  options: {
    readonly signal: AbortSignal;
    readonly authentication: Readonly<Record<string, string>> | undefined;
    readonly onOutput: (text: string) => void;
  },
): Promise<void> {
  const call = engine.docker.pull(reference, {
    abortSignal: options.signal,
    ...(options.authentication === undefined ? {} : { authconfig: options.authentication }),
  });
  for await (const message of messagesOf(call, `pull ${reference}`)) {
    if (message.status !== undefined) options.onOutput(message.status);
  }
}

/** Makes an image of one layer out of a root file system's tar and hands back its id. */
export async function importOntoEngine(
  engine: Engine,
  rootFileSystem: Readable,
  options: { readonly changes: readonly string[]; readonly signal: AbortSignal },
): Promise<string> {
  const call = engine.docker.importImage(rootFileSystem, {
    changes: options.changes,
    abortSignal: options.signal,
  });
  let id: string | undefined;
  for await (const message of messagesOf(call, "import an image")) {
    if (message.status?.startsWith("sha256:")) id = message.status;
  }
  if (id === undefined) throw new Error("the engine imported no image");
  return id;
}

interface EngineMessage {
  readonly stream: string | undefined;
  readonly status: string | undefined;
  readonly imageId: string | undefined;
}

/** The engine answers 200 first and tells failures later, as one of these messages. */
async function* messagesOf(
  call: Promise<NodeJS.ReadableStream>,
  doing: string,
): AsyncGenerator<EngineMessage> {
  try {
    for await (const line of linesOf(await call)) if (line.trim() !== "") yield messageOf(line);
  } catch (error) {
    // The builder's and the registry's words stay as they are; that nobody is there to say them is another matter.
    const known = engineError(error, doing);
    throw known.code === "ENGINE_GONE" || known.code === "NO_SPACE" ? known : error;
  }
}

/** Unlike readline, passes on that the stream broke. */
async function* linesOf(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  let rest = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  yield rest;
}

function messageOf(line: string): EngineMessage {
  const value: unknown = JSON.parse(line);
  const error = textOf(value, "error");
  if (error !== undefined) throw new Error(error);
  const status = textOf(value, "status");
  const layer = textOf(value, "id");
  const progress = textOf(value, "progress");
  return {
    stream: textOf(value, "stream"),
    status: status && [layer, status, progress].filter(Boolean).join(" "),
    imageId: typeof value === "object" && value && "aux" in value ? textOf(value.aux, "ID") : undefined,
  };
}

function textOf(value: unknown, key: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const found: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
  return typeof found === "string" ? found : undefined;
}

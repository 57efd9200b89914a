import { load } from "../../definition/load-site.ts";
import { throwIfAny } from "../../definition/problems.ts";
import { SitecarError } from "../../errors/index.ts";
import { delay } from "../../shared/clock.ts";
import { ReleaseStack } from "../../shared/release-stack.ts";
import { DaprTwin, type TwinCall } from "../../twin/dapr-twin.ts";
import type { TwinPhase } from "../../twin/phase.ts";
import { readResources } from "../../twin/read-resources.ts";
import { serveControl } from "../../twin/serve/serve-control.ts";
import { serveTwin } from "../../twin/serve/serve-twin.ts";
import { createConsole } from "../console.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { siteInputsOf, type SiteOptions } from "../site-arguments.ts";

export interface TwinCommandOptions extends SiteOptions {
  readonly resources: readonly string[];
  readonly container?: string;
  readonly port: number;
  readonly grpcPort: number;
  readonly host: string;
  readonly appId: string;
  readonly appPort: number;
  readonly apiToken?: string;
  readonly appApiToken?: string;
  readonly phase: TwinPhase;
  readonly daprVersion: string;
  readonly controlPort?: number;
}

/** How a call that is not covered is answered. */
const NOT_COVERED = { http: 501, grpc: 12 } as const;

const DAY_MS = 86_400_000;

/**
 * Serves a twin until the signal aborts.
 * @throws {SitecarError} USAGE, PORT_TAKEN, TWIN_NOT_STARTED, TWIN_NOT_COVERED, and what reading the site throws.
 */
export async function runTwin(
  files: readonly string[],
  options: TwinCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const output = createConsole(false);
  const resources = options.resources.length > 0 ? options.resources : await resourcesOfSite(files, options);
  const twin = new DaprTwin({
    files: await readResources(resources),
    version: options.daprVersion,
    appId: options.appId,
    appPort: options.appPort,
    phase: options.phase,
    ...(options.apiToken === undefined ? {} : { apiToken: options.apiToken }),
    onCall: (call) => output.note(describeCall(call, twin)),
  });
  const stack = new ReleaseStack();
  try {
    const served = await serveTwin(twin, {
      port: options.port,
      grpcPort: options.grpcPort,
      host: options.host,
    });
    stack.defer("the twin's port", async () => await served[Symbol.asyncDispose]());
    output.result(
      `a twin of daprd ${twin.version}, phase ${twin.phase}, at http://${options.host}:${served.port}`,
    );
    output.result(`  gRPC       ${options.host}:${served.grpcPort}`);
    for (const { name, type, path } of twin.components.all)
      output.result(`  component  ${name} (${type}), ${path}`);
    for (const { name } of twin.components.beyond) {
      output.note(`  not covered: calls to "${name}" are answered with 501, and say so`);
    }
    if (options.controlPort !== undefined) {
      const control = await serveControl(served, {
        port: options.controlPort,
        appUrl: `http://127.0.0.1:${options.appPort}`,
        resources,
        ...(options.appApiToken === undefined ? {} : { appApiToken: options.appApiToken }),
      });
      stack.defer("the control port", async () => await control[Symbol.asyncDispose]());
      output.result(`  control    http://127.0.0.1:${control.port}`);
    }
    output.result("  Ctrl-C ends it.");
    await aborted(signal);
  } finally {
    await stack[Symbol.asyncDispose]();
  }
  return EXIT.held;
}

/** A day at a time: a process that has closed its port has nothing else that keeps it. */
async function aborted(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await delay(DAY_MS, signal).catch(() => undefined);
}

/** One line for each call; of one that is not covered, all that there is to say. */
function describeCall({ method, target, status }: TwinCall, twin: DaprTwin): string {
  const line = `${method} ${target} → ${status ?? "refused"}`;
  const refusal =
    status === NOT_COVERED[method === "gRPC" ? "grpc" : "http"] ? twin.refusals.at(-1) : undefined;
  return refusal === undefined ? line : `${line}\n${refusal.message}`;
}

/** Where the site's sidecar has its component files on this machine. */
async function resourcesOfSite(
  files: readonly string[],
  options: TwinCommandOptions,
): Promise<readonly string[]> {
  const { site, failures } = await load(siteInputsOf(files, options, "."));
  const [failure] = failures;
  if (failure !== undefined) throw failure;
  throwIfAny(site.problems);
  const sidecars = site.definition.daprSidecars.filter(
    ({ container }) => options.container === undefined || container === options.container,
  );
  const [sidecar] = sidecars;
  if (sidecar === undefined || sidecars.length > 1) {
    throw new SitecarError("USAGE", {
      message:
        sidecar === undefined ? "the site has no such Dapr sidecar." : "the site has several Dapr sidecars.",
      observations: [
        {
          label: "sidecars",
          value: site.definition.daprSidecars.map(({ container }) => container).join(", ") || "none",
        },
      ],
      remedy: "name one with --container, or component files with --resources.",
    });
  }
  if (sidecar.componentFiles === undefined || sidecar.componentFiles.length === 0) {
    throw new SitecarError("USAGE", {
      message: `the site does not say where the component files of "${sidecar.container}" lie on this machine.`,
      remedy: "write daprSidecars[].componentFiles into sitecar.json, or name them with --resources.",
    });
  }
  return sidecar.componentFiles;
}

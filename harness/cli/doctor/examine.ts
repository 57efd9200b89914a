import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import type { SiteDefinition } from "../../definition/site-definition.ts";
import { SitecarError } from "../../errors/index.ts";
import { cacheDirectory } from "../../runtime/cache-directory.ts";
import { engineCapacity, freeBytes } from "../../runtime/diagnosis/engine-capacity.ts";
import { surveyImages, type ImageSurvey } from "../../runtime/diagnosis/image-survey.ts";
import { tryPublishing } from "../../runtime/diagnosis/publishing-trial.ts";
import { connectEngine } from "../../runtime/engine/connect-engine.ts";
import type { Engine } from "../../runtime/engine/engine.ts";
import { findLeftovers } from "../../runtime/leftovers.ts";
import { checkDisk } from "./check-disk.ts";
import { checkEngine, checkMissingEngine } from "./check-engine.ts";
import { checkEnvironment } from "./check-environment.ts";
import { checkImages } from "./check-images.ts";
import { checkLeftovers } from "./check-leftovers.ts";
import { checkMemory } from "./check-memory.ts";
import { checkNode } from "./check-node.ts";
import { checkPortClaims } from "./check-port-claims.ts";
import { checkPublishing } from "./check-publishing.ts";
import { problem, type Finding } from "./finding.ts";

export interface Patient {
  /** Looked at too when given. */
  readonly definition: SiteDefinition | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly availableMemoryBytes: number;
  readonly signal: AbortSignal;
}

/** All findings, the machine's first. A check that fails is a finding of its own, never the end of the others. */
export async function examine(patient: Patient): Promise<readonly Finding[]> {
  const { definition, environment, signal } = patient;
  const findings: Finding[] = [checkNode(wantedNode()), ...(await checkEnvironment(environment))];
  if (definition !== undefined) findings.push(...checkPortClaims(definition));
  let engine: Engine;
  try {
    engine = await connectEngine({ mayInstall: false, environment, signal });
  } catch (error) {
    signal.throwIfAborted();
    findings.push(await checkMissingEngine(error, environment));
    findings.push(checkMemory({ availableBytes: patient.availableMemoryBytes, engineBytes: undefined }));
    findings.push(await lookAtCache(environment, false));
    return findings;
  }
  return [...findings, ...(await examineEngine(engine, patient))];
}

async function examineEngine(engine: Engine, patient: Patient): Promise<readonly Finding[]> {
  const { definition, environment, signal } = patient;
  const findings: Finding[] = [];
  const add = async (check: string, look: () => Promise<readonly Finding[]>): Promise<void> => {
    findings.push(...(await asFinding(check, signal, look)));
  };
  let survey: ImageSurvey | undefined;
  await add("images", async () => {
    survey = await surveyImages(engine, {
      images: definition?.siteContainers.map(({ properties }) => properties.image) ?? [],
      builds: definition?.builds ?? {},
      environment,
      signal,
    });
    return checkImages(survey);
  });
  await add("engine", async () => {
    const capacity = await engineCapacity(engine);
    findings.unshift(checkEngine(engine, capacity));
    const { storageDirectory: directory, freeStorageBytes, memoryBytes: engineBytes } = capacity;
    const imagesAreThere = survey?.missing.length === 0;
    return [
      checkMemory({ availableBytes: patient.availableMemoryBytes, engineBytes }),
      checkDisk(
        { what: "images and containers", directory, freeBytes: freeStorageBytes, use: "images" },
        imagesAreThere,
      ),
      await lookAtCache(environment, imagesAreThere),
    ];
  });
  await add("published ports", async () => [checkPublishing(await tryPublishing(engine, signal))]);
  await add("leftovers", async () => checkLeftovers(await findLeftovers(engine)));
  return findings;
}

/** The cache, and the home directory's caches of Go, which a compile fills, are usually one disk. */
async function lookAtCache(environment: NodeJS.ProcessEnv, imagesAreThere: boolean): Promise<Finding> {
  const directory = cacheDirectory(environment);
  const free = (await freeBytes(directory)) ?? (await freeBytes(homedir()));
  return checkDisk({ what: "cache", directory, freeBytes: free, use: "compile" }, imagesAreThere);
}

async function asFinding(
  check: string,
  signal: AbortSignal,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SitecarError)) throw error;
    return [problem(check, error.message.split("\n", 1)[0] ?? error.code, error.remedy)];
  }
}

function wantedNode(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  const { engines }: { readonly engines: { readonly node: string } } = JSON.parse(text);
  return engines.node;
}

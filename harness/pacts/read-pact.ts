import { readFile } from "node:fs/promises";
import { SitecarError } from "../errors/index.ts";
import type { Direction } from "./direction.ts";
import type { InteractionNotes, Matcher, PactFile, PactInteraction } from "./pact-file.ts";
import { isObject } from "./value-rules.ts";

/** A contract with which way it goes. */
export interface ReadPact extends PactFile {
  readonly direction: Direction;
}

const MATCHERS: ReadonlySet<string> = new Set<Matcher["match"]>([
  "regex",
  "equality",
  "type",
  "number",
  "integer",
  "decimal",
  "boolean",
  "null",
  "include",
  "statusCode",
  "arrayContains",
]);

/**
 * Reads a contract file, also one whose rules were edited.
 * @throws {SitecarError} FILE_NOT_READABLE, CONTRACT_FILE_INVALID
 */
export async function readPact(file: string): Promise<ReadPact> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new SitecarError("FILE_NOT_READABLE", {
      message: `the contract file ${file} can't be read.`,
      observations: [{ label: "system", value: error instanceof Error ? error.message : String(error) }],
      remedy: "name a file that `sitecar contract record` wrote.",
      cause: error,
    });
  }
  return parsePact(text, file);
}

/** @throws {SitecarError} CONTRACT_FILE_INVALID */
export function parsePact(text: string, file: string): ReadPact {
  const refuse = (what: string): SitecarError =>
    new SitecarError("CONTRACT_FILE_INVALID", {
      message: `${file} is no contract that can be verified: ${what}.`,
      remedy:
        "record it anew with `sitecar contract record`, or correct it by Pact's specification, version 4.",
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(`it is no JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  const fault = faultOf(value);
  if (fault !== undefined) throw refuse(fault);
  // The shape was looked at just now.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const pact = value as PactFile;
  const { main, sidecar } = pact.metadata.sitecar;
  const names = `${pact.consumer.name} ${pact.provider.name}`;
  if (names === `${main} ${sidecar}`) return { ...pact, direction: "main-to-sidecar" };
  if (names === `${sidecar} ${main}`) return { ...pact, direction: "sidecar-to-main" };
  throw refuse(
    `its consumer "${pact.consumer.name}" and provider "${pact.provider.name}" are not the main "${main}" and the sidecar "${sidecar}" of its metadata`,
  );
}

function faultOf(value: unknown): string | undefined {
  if (!isObject(value)) return "it is no object";
  for (const party of ["consumer", "provider"]) {
    const named = value[party];
    if (!isObject(named) || typeof named["name"] !== "string") return `it names no ${party}`;
  }
  const { metadata, interactions } = value;
  const specification = isObject(metadata) ? metadata["pactSpecification"] : undefined;
  const version = isObject(specification) ? specification["version"] : undefined;
  if (version !== "4.0") return `it is of Pact's specification ${JSON.stringify(version)}, not "4.0"`;
  const own = isObject(metadata) ? metadata["sitecar"] : undefined;
  if (!isObject(own) || !["site", "main", "sidecar"].every((name) => typeof own[name] === "string")) {
    return "its metadata do not say by `sitecar` which side is main and which the sidecar";
  }
  if (!Array.isArray(interactions)) return "it has no list of interactions";
  const list: readonly unknown[] = interactions;
  return list.map((one, index) => faultOfInteraction(one, index)).find((fault) => fault !== undefined);
}

function faultOfInteraction(value: unknown, index: number): string | undefined {
  const where = `interaction ${index + 1}`;
  if (!isObject(value)) return `${where} is no object`;
  if (value["type"] !== "Synchronous/HTTP")
    return `${where} is of type ${JSON.stringify(value["type"])}, not "Synchronous/HTTP"`;
  if (typeof value["description"] !== "string") return `${where} has no description`;
  if (typeof value["key"] !== "string") return `${where} has no key`;
  const notes = isObject(value["comments"]) ? value["comments"]["sitecar"] : undefined;
  if (!isNotes(notes))
    return `${where} does not say in comments.sitecar whether it occurs \`once\` or \`repeatedly\``;
  const { request, response } = value;
  if (!isObject(request) || typeof request["method"] !== "string" || typeof request["path"] !== "string") {
    return `${where} has no request with a method and a path`;
  }
  if (!isObject(response) || typeof response["status"] !== "number")
    return `${where} has no response with a status`;
  return [request["matchingRules"], response["matchingRules"]]
    .map((rules) => faultOfRules(rules, where))
    .find((fault) => fault !== undefined);
}

function isNotes(value: unknown): value is InteractionNotes {
  return isObject(value) && (value["occurs"] === "once" || value["occurs"] === "repeatedly");
}

/** Looks for matchers that are not known, however deep, and for expressions that are none. */
function faultOfRules(value: unknown, where: string): string | undefined {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return list.map((one) => faultOfRules(one, where)).find((fault) => fault !== undefined);
  }
  if (!isObject(value)) return undefined;
  const { match, regex } = value;
  if (typeof match === "string" && !MATCHERS.has(match)) {
    return `${where} has a rule "${match}", which sitecar does not know (it knows ${[...MATCHERS].join(", ")})`;
  }
  if (match === "regex") {
    try {
      RegExp(String(regex));
    } catch (error) {
      return `${where} has a rule whose expression is none: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return Object.values(value)
    .map((one) => faultOfRules(one, where))
    .find((fault) => fault !== undefined);
}

/** Those that are held against a side. */
export function bindingInteractions({ interactions }: PactFile): readonly PactInteraction[] {
  return interactions.filter(({ pending }) => !pending);
}

import { maskValue } from "../plan/mask-environment.ts";
import type { Finding, LintContext } from "./rule.ts";

const MASK = "***";
/** Shorter ones would mask words of the file that only look the same. */
const SHORTEST = 4;

/**
 * Takes the site's secrets out of a finding: a report goes to logs and to code scanning, and the offending line is
 * shown. Known by the names and values that a run's record masks, too.
 */
export function redactor(context: LintContext): (finding: Finding) => Finding {
  const secrets = [...secretsOf(context)]
    .filter((value) => value.length >= SHORTEST)
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])
    .toSorted((a, b) => b.length - a.length);
  const redact = (text: string, maskOf: (secret: string) => string): string =>
    secrets.reduce((rest, one) => rest.replaceAll(one, maskOf(one)), text);
  return (finding) => ({
    ...finding,
    // As long as the secret is, for the columns of what comes after it.
    place: { ...finding.place, lineText: redact(finding.place.lineText, ({ length }) => "*".repeat(length)) },
    message: redact(finding.message, () => MASK),
    remedy: redact(finding.remedy, () => MASK),
  });
}

function* secretsOf({ site, components }: LintContext): Iterable<string> {
  const definition = site?.definition;
  for (const { name, value } of definition?.appSettings ?? []) yield* masked(name, value);
  for (const { value } of definition?.connectionStrings ?? []) yield* masked("CONNECTION_STRING", value);
  for (const { properties } of definition?.siteContainers ?? []) {
    yield* masked("PASSWORD", properties.passwordSecret ?? "");
  }
  for (const value of Object.values(definition?.keyVaultSecrets ?? {})) yield value;
  for (const { file } of components) {
    for (const component of file.components) {
      for (const [name, value] of Object.entries(component.metadata)) yield* masked(name, value);
    }
  }
}

function* masked(name: string, value: string): Iterable<string> {
  // A flag, a number or a reference under such a name is no secret, and hiding it hides the rest of the file.
  if (/^(?:true|false|\d+|@Microsoft\.KeyVault\(.*\))$/i.test(value)) return;
  if (maskValue(name, value) !== value) yield value;
}

import type { DaprSidecar } from "../../definition/site-definition.ts";
import type { LintContext } from "../rule.ts";

/**
 * What a site says of an option of daprd: its value in the container's start-up command, variables replaced where the
 * site has them. `undefined`: it is not there, or has a variable that the site does not have.
 */
export function daprdOption(context: LintContext, sidecar: DaprSidecar, option: string): string | undefined {
  const command = commandOf(context, sidecar);
  const found = new RegExp(`(?:^|\\s)--?${option}(?:=|\\s+)(?:"([^"]*)"|'([^']*)'|(\\S+))`).exec(
    command ?? "",
  );
  const written = found?.slice(1).find((value) => value !== undefined);
  return written === undefined ? undefined : withVariables(context, sidecar, written);
}

/** Whether the start-up command has the option; `undefined`: the site has none, so the image decides. */
export function hasDaprdOption(
  context: LintContext,
  sidecar: DaprSidecar,
  option: string,
): boolean | undefined {
  const command = commandOf(context, sidecar);
  if (command === undefined || !command.includes("daprd")) return undefined;
  return new RegExp(`(?:^|\\s)--?${option}(?:=|\\s)`).test(command);
}

/** The value of a variable that the sidecar's container has, from the site's app settings. */
export function variableOf({ site }: LintContext, sidecar: DaprSidecar, name: string): string | undefined {
  const container = site?.definition.siteContainers.find((one) => one.name === sidecar.container);
  const reference = container?.properties.environmentVariables?.find((one) => one.name === name);
  const inherits = container?.properties.inheritAppSettingsAndConnectionStrings !== false;
  const setting = reference?.value ?? (inherits ? name : undefined);
  return site?.definition.appSettings.find((one) => one.name === setting)?.value;
}

function commandOf({ site }: LintContext, sidecar: DaprSidecar): string | undefined {
  const command = site?.definition.siteContainers.find(({ name }) => name === sidecar.container)?.properties
    .startUpCommand;
  return command === "" ? undefined : command;
}

function withVariables(context: LintContext, sidecar: DaprSidecar, text: string): string | undefined {
  let isKnown = true;
  const replaced = text.replaceAll(/\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g, (_, braced, fallback, bare) => {
    const value = variableOf(context, sidecar, String(braced ?? bare)) ?? fallback;
    isKnown &&= value !== undefined;
    return String(value ?? "");
  });
  return isKnown ? replaced : undefined;
}

import {
  bindingRoute,
  isInputBinding,
  statedDirection,
  type ComponentFile,
  type DaprComponent,
} from "../../dapr/component-files.ts";
import { SitecarError } from "../../errors/index.ts";
import { cleanPath } from "../go/path.ts";
import { notCovered } from "../not-covered.ts";

/** @throws {SitecarError} BINDING_UNKNOWN, TWIN_NOT_COVERED */
export function findInputBinding(files: readonly ComponentFile[], name: string): DaprComponent {
  const components = files.flatMap((file) => file.components);
  const component = components.findLast((one) => one.name === name);
  if (component === undefined || isInputBinding(component) === "no") {
    const inputs = components.filter((one) => isInputBinding(one) !== "no").map((one) => one.name);
    throw new SitecarError("BINDING_UNKNOWN", {
      message:
        component === undefined
          ? `the component files have no binding "${name}".`
          : `"${name}" is no input binding (${component.type}): daprd sends nothing to the app for it.`,
      observations: [
        { label: "known", value: inputs.join(", ") || "none" },
        { label: "files", value: files.map(({ path }) => path).join("\n") || "none" },
      ],
      remedy: "name an input binding of the files that were given as resources.",
    });
  }
  if (component.type === "bindings.cron") return component;
  throw notCovered({
    what: `ticks of "${name}", a binding of type ${component.type}`,
    instead: "send the app what that binding sends in the test itself.",
  });
}

/** Whether daprd asks the app by OPTIONS before it reads the binding (daprd.md §1.1). */
export function isAskedFirst(component: DaprComponent): boolean {
  return statedDirection(component)?.includes("input") !== true;
}

/** Path and query that daprd asks for (daprd.md §2). */
export function targetOf(component: DaprComponent): string {
  const cleaned = cleanPath(bindingRoute(component));
  const rooted = cleaned === "." ? "/" : cleaned.startsWith("/") ? cleaned : `/${cleaned}`;
  const { pathname, search } = new URL(`http://app${rooted}`);
  return pathname + search;
}

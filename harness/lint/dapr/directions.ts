import { entryOf, type ComponentView } from "./component-view.ts";

/** The directions that a binding states, in lower case; absent: it states none, and daprd takes all that it can do. */
export function directionsOf(component: ComponentView): readonly string[] | undefined {
  return entryOf(component, "direction")
    ?.value?.split(",")
    .map((word) => word.trim().toLowerCase());
}

/** A binding that daprd will read, as far as the file alone says. */
export function isRead(component: ComponentView): boolean {
  if (component.known?.directions.includes("input") !== true) return false;
  return directionsOf(component)?.includes("input") ?? !component.known.directions.includes("output");
}

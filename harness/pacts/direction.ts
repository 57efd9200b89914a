/** Which side asks: the sidecar its app, or main its sidecar. */
export type Direction = "sidecar-to-main" | "main-to-sidecar";

export function otherDirection(direction: Direction): Direction {
  return direction === "main-to-sidecar" ? "sidecar-to-main" : "main-to-sidecar";
}

/** Names of built-in contracts, by what breaks them. */

/** Without daprd nothing that it does is done, and a container that ends cancels the start (A3.3). */
export const BROKEN_BY_A_DEAD_DAPRD = [
  "siteStarts",
  "nothingExits",
  "componentsLoaded",
  "bindingsActive",
  "ticksDelivered",
  "ticksHaveEffect",
  "recovers",
] as const;

export const BROKEN_BY_A_MISSING_COMPONENT = [
  "componentsLoaded",
  "bindingsActive",
  "ticksDelivered",
  "ticksHaveEffect",
  "recovers",
] as const;

export const BROKEN_BY_A_SILENT_BINDING = [
  "bindingsActive",
  "ticksDelivered",
  "ticksHaveEffect",
  "recovers",
] as const;

/** What a failing or slow handler breaks. */
export const BROKEN_BY_A_HANDLER = ["ticksDelivered", "ticksHaveEffect", "recovers"] as const;

export const BROKEN_BY_A_STOP = ["stopsGracefully", "ticksDelivered", "ticksHaveEffect"] as const;

export const BROKEN_BY_A_DEAD_CONTAINER = [...BROKEN_BY_A_DEAD_DAPRD, "stopsGracefully"] as const;

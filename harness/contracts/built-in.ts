import { bindingsActive } from "./bindings-active.ts";
import { componentsLoaded } from "./components-loaded.ts";
import type { BuiltInContract } from "./contract.ts";
import { firesOnceOfRun } from "./fires-once.ts";
import { nothingExits } from "./nothing-exits.ts";
import { recovers } from "./recovers.ts";
import { siteStarts } from "./site-starts.ts";
import { stopsGracefully } from "./stops-gracefully.ts";
import { ticksDelivered } from "./ticks-delivered.ts";
import { ticksHaveEffect } from "./ticks-have-effect.ts";

/** What every site is held to unless something else is chosen: causes before what follows from them. */
export const BUILT_IN_CONTRACTS: readonly BuiltInContract[] = [
  nothingExits,
  siteStarts,
  componentsLoaded,
  bindingsActive,
  ticksDelivered,
  ticksHaveEffect,
  recovers,
  stopsGracefully,
  firesOnceOfRun,
];

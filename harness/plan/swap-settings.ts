import type { SiteDefinition } from "../definition/site-definition.ts";

interface Setting {
  readonly name: string;
  readonly slotSetting?: boolean;
}

/**
 * The app settings and connection strings that what is in one slot has in the other: its own, without those that stick
 * to its slot, and those that stick to the other one (A7.2). Names are compared without case, as App Service does.
 */
export function settingsInSlot(
  moving: Pick<SiteDefinition, "appSettings" | "connectionStrings">,
  slot: Pick<SiteDefinition, "appSettings" | "connectionStrings">,
): Required<Pick<SiteDefinition, "appSettings" | "connectionStrings">> {
  return {
    appSettings: inSlot(moving.appSettings, slot.appSettings),
    connectionStrings: inSlot(moving.connectionStrings ?? [], slot.connectionStrings ?? []),
  };
}

/** A name that sticks in either slot sticks in both: the other slot's value is never taken along. */
function inSlot<T extends Setting>(moving: readonly T[], slot: readonly T[]): readonly T[] {
  const sticky = new Set(
    [...moving, ...slot]
      .filter(({ slotSetting }) => slotSetting === true)
      .map(({ name }) => name.toLowerCase()),
  );
  return [
    ...moving.filter(({ name }) => !sticky.has(name.toLowerCase())),
    ...slot.filter(({ name }) => sticky.has(name.toLowerCase())),
  ];
}

import type { Value } from "../value.ts";
import { composeEntries } from "./compose-entries.ts";
import type { Conversion } from "./convert-service.ts";
import type { Made } from "./made-value.ts";

const STORAGE_HOME = "${WEBAPP_STORAGE_HOME}";

interface Volume {
  readonly type: "bind" | "volume";
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/**
 * A service's volumes: `${WEBAPP_STORAGE_HOME}/x` is `/home/x` of the persistent share; a named volume is local and lost at
 * a restart (A5.2); every other path of a host is lost in the conversion.
 */
export function convertVolumes(service: string, value: Value, conversion: Conversion): Made[] {
  return value.peekItems().flatMap((item, index) => {
    const what = `volumes[${index}]`;
    const ignored = (message: string): [] => {
      conversion.ignore({ what, service, at: item, message });
      return [];
    };
    const volume = item.isMap ? longForm(item, conversion) : shortForm(conversion.texts.of(item) ?? "");
    if (volume === undefined) return ignored("is no mapping that the conversion understands; it skips it.");
    const { type, source, target, readOnly } = volume;
    if (source === "" || target === "")
      return ignored("has no source or no target; the conversion skips it.");
    if (type === "bind" && !source.startsWith(STORAGE_HOME)) {
      return ignored(`mounts a path of the host; the conversion takes only those under ${STORAGE_HOME}.`);
    }
    const subPath = type === "bind" ? homePath(source) : `/compose/volumes/${source}`;
    return [
      {
        at: item,
        is: {
          volumeSubPath: { at: item, is: subPath },
          containerMountPath: { at: item, is: target },
          readOnly: { at: item, is: readOnly },
        },
      },
    ];
  });
}

function homePath(source: string): string {
  const rest = source.slice(STORAGE_HOME.length).replace(/^\/?/, "/");
  return rest === "/" ? "/home" : `/home${rest}`;
}

/** `source:target[:ro]`. */
function shortForm(text: string): Volume | undefined {
  const [source, target, mode] = text.split(":");
  if (source === undefined || target === undefined) return undefined;
  const isPath = source.startsWith(STORAGE_HOME) || /[/\\$]/.test(source);
  return { type: isPath ? "bind" : "volume", source, target, readOnly: mode?.trim().toLowerCase() === "ro" };
}

function longForm(item: Value, { texts }: Conversion): Volume {
  const fields = new Map(composeEntries(item).map(({ key, value }) => [key, value]));
  const text = (key: string): string => {
    const value = fields.get(key);
    return value === undefined ? "" : (texts.of(value) ?? "");
  };
  return {
    type: text("type") === "bind" ? "bind" : "volume",
    source: text("source"),
    target: text("target"),
    readOnly: fields.get("read_only")?.peekScalar() === true,
  };
}

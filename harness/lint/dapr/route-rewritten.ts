import path from "node:path";

import type { Rule } from "../rule.ts";
import { componentsOf } from "./component-view.ts";
import { isFilledLater } from "./placeholders.ts";

export const routeRewritten: Rule = {
  id: "SC130",
  name: "route-rewritten",
  severity: "warning",
  title: "daprd posts to another path than this route says.",
  reason:
    "A route is a path on the app's own port. daprd cleans it: a slash at the end, double slashes and dots go, and a whole URL becomes a path. A route /jobs/ is posted to /jobs, which a strict router answers with 404, and daprd logs that at debug only.",
  source: "daprd 1.18 pkg/channel/http/http_channel.go; seen on 1.18.2",
  remedy: "Write the path as the app has it, with one slash in front and none at the end.",
  example:
    'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: jobs\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: "@hourly" }\n    - { name: direction, value: input }\n    - { name: route, value: /internal/jobs/ }\n',
  *check(context) {
    for (const { type, metadata } of componentsOf(context)) {
      if (!type.text.startsWith("bindings.")) continue;
      const entry = metadata.find(({ name }) => name === "route");
      const route = entry?.value;
      if (entry === undefined || route === undefined || route === "" || isFilledLater(route)) continue;
      const asked = route.startsWith("/") ? route : `/${route}`;
      const posted = postedPath(route);
      if (posted === asked) continue;
      const isUrl = /^https?:/i.test(route);
      yield {
        ...(isUrl ? { severity: "error" as const } : {}),
        place: entry.valuePlace,
        message: isUrl
          ? `a route is a path on the app's own port: this URL is posted to the path ${posted}.`
          : `daprd posts to ${posted}, not to ${asked}.`,
        remedy: isUrl ? "Write the path alone." : `Write ${posted}, and let the app serve that.`,
      };
    }
  },
};

/** The path that daprd posts to for a route: cleaned as Go's `path.Clean` does, with a slash in front. */
export function postedPath(route: string): string {
  const normal = path.posix.normalize(route).replace(/(?!^)\/$/, "");
  if (normal === "." || normal === "") return "/";
  return normal.startsWith("/") ? normal : `/${normal}`;
}

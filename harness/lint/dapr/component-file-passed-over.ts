import path from "node:path";

import type { Rule } from "../rule.ts";

export const componentFilePassedOver: Rule = {
  id: "SC101",
  name: "component-file-passed-over",
  severity: "error",
  title: "daprd does not look at this component file.",
  reason:
    "daprd reads files that end in .yaml or .yml right in the folder that --resources-path names. Another ending gets one warning in its log, a folder below it none that says so; daprd starts without these components and calls itself healthy.",
  source: "daprd 1.18 pkg/internal/loader/disk/dirdata; seen on 1.18.2",
  remedy: "Move the file right into the resources folder and let its name end in .yaml or .yml.",
  *check({ components }) {
    for (const { file, passedOver, placeAt } of components) {
      if (passedOver === undefined) continue;
      const name = path.basename(file.path);
      yield {
        place: placeAt(0),
        message:
          passedOver === "extension"
            ? `daprd passes over "${name}": only names that end in .yaml or .yml are read.`
            : `daprd passes over "${name}": it does not look into folders below its resources folder.`,
        remedy:
          passedOver === "extension"
            ? "Let the name end in .yaml or .yml, or take the file away."
            : "Move the file right into the resources folder, or name its folder in a further --resources-path.",
      };
    }
  },
};

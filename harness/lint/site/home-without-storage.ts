import { describePlace } from "../../definition/problems.ts";
import type { Rule } from "../rule.ts";
import { homeUses } from "./home-use.ts";
import { placeOf, settingOf } from "./site-view.ts";

const SETTING = "WEBSITES_ENABLE_APP_SERVICE_STORAGE";

export const homeWithoutStorage: Rule = {
  id: "SC024",
  name: "home-without-storage",
  severity: "warning",
  title: "The site relies on /home while its storage is off.",
  reason: `With ${SETTING} false, /home is not the persistent share: each container sees its image's own folder, shares it with nobody, and loses what it writes there. Only /home/LogFiles is the platform's.`,
  source: "A5.1; https://learn.microsoft.com/azure/app-service/configure-custom-container",
  remedy: `Set ${SETTING} to true, or keep the files in the image.`,
  example:
    "siteContainers:\n  - name: main\n    properties: { image: shop/main:1, isMain: true, targetPort: 80, startUpCommand: /home/site/start.sh }\nappSettings: { WEBSITES_ENABLE_APP_SERVICE_STORAGE: false }\n",
  *check({ site }) {
    const setting = site === undefined ? undefined : settingOf(site, SETTING);
    if (site === undefined || setting === undefined || !/^(?:false|0)$/i.test(setting.value.trim())) return;
    const where = describePlace(placeOf(site, "appSettings", setting.name));
    for (const { place, what, path } of homeUses(site)) {
      yield {
        place,
        message: `${what} is on /home (${path}), whose storage ${SETTING} turns off (${where}).`,
        remedy: "Set it to true, or keep the files in the image.",
      };
    }
  },
};

import type { Rule } from "../rule.ts";
import { homeUses } from "./home-use.ts";
import { appSettingsKnown, placeOf, settingOf } from "./site-view.ts";

const SETTING = "WEBSITES_ENABLE_APP_SERVICE_STORAGE";

export const storageLeftToCli: Rule = {
  id: "SC023",
  name: "storage-left-to-cli",
  severity: "warning",
  title: `The site relies on /home, but ${SETTING} is not exactly "true".`,
  reason:
    "Unset means on, but the usual ways to create a site write false, and az webapp … --linux-fx-version sitecontainers writes false unless the setting is exactly true: TRUE and True are not. /home is then the image's own and is lost at a restart.",
  source: "A5.1, A1.15; https://learn.microsoft.com/azure/app-service/configure-custom-container",
  remedy: `Set ${SETTING} to true.`,
  example:
    "siteContainers:\n  - name: main\n    properties:\n      image: shop/main:1\n      isMain: true\n      targetPort: 80\n      volumeMounts: [{ volumeSubPath: /home/data, containerMountPath: /data }]\nappSettings: { WEBSITES_ENABLE_APP_SERVICE_STORAGE: 'True' }\n",
  *check({ site }) {
    if (site === undefined || !appSettingsKnown(site)) return;
    const setting = settingOf(site, SETTING);
    const [use] = homeUses(site);
    if (use === undefined) return;
    if (setting === undefined) {
      yield {
        place: use.place,
        message: `${use.what} is on /home (${use.path}), but ${SETTING} is not set, and creating the site by the CLI or the portal writes false.`,
        remedy: `Set the app setting ${SETTING} to true.`,
      };
    } else if (/^(?:true|1)$/i.test(setting.value.trim()) && setting.value !== "true") {
      yield {
        place: placeOf(site, "appSettings", setting.name),
        message: `${SETTING} is ${JSON.stringify(setting.value)}: the Azure CLI takes anything but "true" for unset and writes false.`,
        remedy: 'Write "true".',
      };
    }
  },
};

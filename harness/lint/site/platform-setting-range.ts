import { isWrong, readPlatformAppSetting } from "../../definition/platform-app-settings.ts";
import type { Rule } from "../rule.ts";
import { placeOf, settingOf } from "./site-view.ts";

const LIMITS = ["WEBSITES_CONTAINER_START_TIME_LIMIT", "WEBSITES_CONTAINER_STOP_TIME_LIMIT"];
const FAILURES = { name: "WEBSITE_HEALTHCHECK_MAXPINGFAILURES", least: 2, most: 10 };

export const platformSettingRange: Rule = {
  id: "SC031",
  name: "platform-setting-range",
  severity: "error",
  title: "A setting of the platform is out of its range.",
  reason:
    "WEBSITES_CONTAINER_START_TIME_LIMIT is 10 to 1800 seconds, WEBSITES_CONTAINER_STOP_TIME_LIMIT 0 to 120, WEBSITE_HEALTHCHECK_MAXPINGFAILURES 2 to 10. What App Service makes of another value is not documented.",
  source: "A2.6, A2.8, A7.1; https://learn.microsoft.com/azure/app-service/reference-app-settings",
  remedy: "Write a number within the range, or remove the setting for the default.",
  example: "appSettings: { WEBSITES_CONTAINER_START_TIME_LIMIT: 3600 }\n",
  complete: true,
  *check({ site }) {
    if (site === undefined) return;
    for (const name of LIMITS) {
      const setting = settingOf(site, name);
      const reading = setting === undefined ? {} : readPlatformAppSetting(name, setting.value);
      if (setting === undefined || !isWrong(reading)) continue;
      const place = placeOf(site, "appSettings", setting.name);
      yield { place, message: `${name} ${reading.message}`, remedy: reading.remedy };
    }
    const setting = settingOf(site, FAILURES.name);
    if (setting === undefined) return;
    const count = /^\d{1,3}$/.test(setting.value.trim()) ? Number(setting.value) : Number.NaN;
    if (count >= FAILURES.least && count <= FAILURES.most) return;
    yield {
      place: placeOf(site, "appSettings", setting.name),
      message: `${FAILURES.name} must be a whole number from ${FAILURES.least} to ${FAILURES.most}, found ${JSON.stringify(setting.value)}.`,
      remedy: `Write a number from ${FAILURES.least} to ${FAILURES.most}, or remove the setting for ${FAILURES.most}.`,
    };
  },
};

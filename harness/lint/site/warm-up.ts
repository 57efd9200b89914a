import { isWrong, readPlatformAppSetting } from "../../definition/platform-app-settings.ts";
import type { Rule } from "../rule.ts";
import { placeOf, settingOf } from "./site-view.ts";

const PATH = "WEBSITE_WARMUP_PATH";
const STATUSES = "WEBSITE_WARMUP_STATUSES";

export const warmUp: Rule = {
  id: "SC030",
  name: "warm-up",
  severity: "error",
  title: "The warm-up asks for what can't be, or hardly will be.",
  reason: `The platform pings main until an answer counts; without ${STATUSES} any status does. A path that is none, or statuses that main does not give, let every start run into its limit, and clients get 503.`,
  source: "A2.6; https://learn.microsoft.com/azure/app-service/reference-app-settings",
  remedy: `Set ${PATH} to a path that answers with one of the statuses as soon as main is ready, or remove both.`,
  example: "appSettings: { WEBSITE_WARMUP_STATUSES: '200' }\n",
  complete: true,
  *check({ site }) {
    if (site === undefined) return;
    for (const name of [PATH, STATUSES]) {
      const setting = settingOf(site, name);
      const reading = setting === undefined ? {} : readPlatformAppSetting(name, setting.value);
      if (setting === undefined || !isWrong(reading)) continue;
      const place = placeOf(site, "appSettings", setting.name);
      yield { place, message: `${name} ${reading.message}`, remedy: reading.remedy };
    }
    const statuses = settingOf(site, STATUSES);
    const reading = statuses === undefined ? {} : readPlatformAppSetting(STATUSES, statuses.value);
    const asked = isWrong(reading) ? [] : (reading.warmUpStatuses ?? []);
    if (statuses === undefined || asked.length === 0) return;
    const place = placeOf(site, "appSettings", statuses.name);
    if (asked.every((status) => status < 200)) {
      yield {
        place,
        message: `${STATUSES} lists only ${asked.join(", ")}, which no answer ends with.`,
        remedy: 'Write statuses such as "200,204", or remove the setting to accept any status.',
      };
    } else if (settingOf(site, PATH) === undefined && asked.every((status) => status < 300)) {
      yield {
        place,
        severity: "warning",
        message: `${STATUSES} wants ${asked.join(" or ")} of /robots933456.txt, which most apps answer with 404.`,
        remedy: `Set ${PATH} to a path of main that answers so, or remove ${STATUSES}.`,
      };
    }
  },
};

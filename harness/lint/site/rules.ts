import type { Rule } from "../rule.ts";
import { appSettingsUnknown } from "./app-settings-unknown.ts";
import { bindingRouteIsPublic } from "./binding-route-is-public.ts";
import { composeKeyIgnored } from "./compose-key-ignored.ts";
import { containerCount } from "./container-count.ts";
import { containerNameAsHost } from "./container-name-as-host.ts";
import { containerNames } from "./container-names.ts";
import { cronOnEveryInstance } from "./cron-on-every-instance.ts";
import { environmentVariableTwice } from "./environment-variable-twice.ts";
import { equalPorts } from "./equal-ports.ts";
import { healthCheckPath } from "./health-check-path.ts";
import { homeWithoutStorage } from "./home-without-storage.ts";
import { inheritDroppedByCli } from "./inherit-dropped-by-cli.ts";
import { inheritedPort } from "./inherited-port.ts";
import { keyVaultReference } from "./key-vault-reference.ts";
import { literalInEnvironmentVariables } from "./literal-in-environment-variables.ts";
import { mainPort } from "./main-port.ts";
import { mainWithoutPort } from "./main-without-port.ts";
import { malformedDefinition } from "./malformed-definition.ts";
import { mountPathTwice } from "./mount-path-twice.ts";
import { oneMainContainer } from "./one-main-container.ts";
import { passwordAsLiteral } from "./password-as-literal.ts";
import { platformSettingRange } from "./platform-setting-range.ts";
import { portOutOfRange } from "./port-out-of-range.ts";
import { portsOfPrograms } from "./ports-of-programs.ts";
import { pullCredentials } from "./pull-credentials.ts";
import { pullIdentity } from "./pull-identity.ts";
import { registrySettings } from "./registry-settings.ts";
import { resetByCliUpdate } from "./reset-by-cli-update.ts";
import { secretInSetting } from "./secret-in-setting.ts";
import { settingNameOnLinux } from "./setting-name-on-linux.ts";
import { settingNamesCollide } from "./setting-names-collide.ts";
import { settingTwice } from "./setting-twice.ts";
import { sidecarsIgnored } from "./sidecars-ignored.ts";
import { skippedByCli } from "./skipped-by-cli.ts";
import { storageLeftToCli } from "./storage-left-to-cli.ts";
import { volumeLostAtRestart } from "./volume-lost-at-restart.ts";
import { warmUp } from "./warm-up.ts";
import { websitesPort } from "./websites-port.ts";

/** Rules about the site itself, SC001–SC099, in the order of their ids. An id is never given twice. */
export const SITE_RULES: readonly Rule[] = [
  malformedDefinition,
  oneMainContainer,
  containerNames,
  containerCount,
  portOutOfRange,
  equalPorts,
  portsOfPrograms,
  inheritedPort,
  websitesPort,
  registrySettings,
  sidecarsIgnored,
  literalInEnvironmentVariables,
  appSettingsUnknown,
  environmentVariableTwice,
  mainPort,
  secretInSetting,
  keyVaultReference,
  passwordAsLiteral,
  pullIdentity,
  pullCredentials,
  inheritDroppedByCli,
  skippedByCli,
  storageLeftToCli,
  homeWithoutStorage,
  volumeLostAtRestart,
  settingNameOnLinux,
  settingNamesCollide,
  settingTwice,
  cronOnEveryInstance,
  warmUp,
  platformSettingRange,
  healthCheckPath,
  composeKeyIgnored,
  mainWithoutPort,
  resetByCliUpdate,
  bindingRouteIsPublic,
  mountPathTwice,
  containerNameAsHost,
];

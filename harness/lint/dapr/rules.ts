import type { Rule } from "../rule.ts";
import { actorsWithoutPlacement } from "./actors-without-placement.ts";
import { azureAuthMethods } from "./azure-auth-methods.ts";
import { azureEnvironment } from "./azure-environment.ts";
import { bindingDirection } from "./binding-direction.ts";
import { bindingWithoutDirection } from "./binding-without-direction.ts";
import { componentFilePassedOver } from "./component-file-passed-over.ts";
import { componentNameTwice } from "./component-name-twice.ts";
import { componentNotRecognised } from "./component-not-recognised.ts";
import { componentOutOfScope } from "./component-out-of-scope.ts";
import { componentShape } from "./component-shape.ts";
import { componentTypeUnknown } from "./component-type-unknown.ts";
import { componentVersionUnknown } from "./component-version-unknown.ts";
import { componentWithoutName } from "./component-without-name.ts";
import { componentYamlMalformed } from "./component-yaml-malformed.ts";
import { cronBurst } from "./cron-burst.ts";
import { cronBusyLoop } from "./cron-busy-loop.ts";
import { cronNeverFires } from "./cron-never-fires.ts";
import { cronScheduleInvalid } from "./cron-schedule-invalid.ts";
import { cronTimeZone } from "./cron-time-zone.ts";
import { documentDivider } from "./document-divider.ts";
import { endpointWithAccount } from "./endpoint-with-account.ts";
import { environmentReferenceRefused } from "./environment-reference-refused.ts";
import { errorsIgnored } from "./errors-ignored.ts";
import { initTimeoutShort } from "./init-timeout-short.ts";
import { initTimeoutUnreadable } from "./init-timeout-unreadable.ts";
import { keyInsteadOfIdentity } from "./key-instead-of-identity.ts";
import { keyTwice } from "./key-twice.ts";
import { metadataKeyCase } from "./metadata-key-case.ts";
import { metadataKeyMissing } from "./metadata-key-missing.ts";
import { metadataKeyTwice } from "./metadata-key-twice.ts";
import { metadataKeyUnknown } from "./metadata-key-unknown.ts";
import { metadataValueKind } from "./metadata-value-kind.ts";
import { podName } from "./pod-name.ts";
import { retriedInput } from "./retried-input.ts";
import { retryCountZero } from "./retry-count-zero.ts";
import { routeRewritten } from "./route-rewritten.ts";
import { routeShared } from "./route-shared.ts";
import { secretAsLiteral } from "./secret-as-literal.ts";
import { secretStoreMissing } from "./secret-store-missing.ts";
import { storageNames } from "./storage-names.ts";
import { tokenOverHttp } from "./token-over-http.ts";
import { valueChangedByYaml } from "./value-changed-by-yaml.ts";

/** The rules for Dapr's component files, in the order of their ids: the file and its YAML, types and metadata, cron, bindings, secrets and Azure, starting. */
export const DAPR_RULES: readonly Rule[] = [
  componentFilePassedOver,
  componentYamlMalformed,
  componentNotRecognised,
  componentWithoutName,
  componentShape,
  keyTwice,
  documentDivider,
  componentNameTwice,
  valueChangedByYaml,
  componentTypeUnknown,
  componentVersionUnknown,
  metadataKeyUnknown,
  metadataKeyMissing,
  metadataValueKind,
  metadataKeyCase,
  metadataKeyTwice,
  secretStoreMissing,
  environmentReferenceRefused,
  podName,
  cronScheduleInvalid,
  cronBusyLoop,
  cronNeverFires,
  cronBurst,
  cronTimeZone,
  routeRewritten,
  routeShared,
  bindingWithoutDirection,
  bindingDirection,
  secretAsLiteral,
  keyInsteadOfIdentity,
  azureEnvironment,
  azureAuthMethods,
  tokenOverHttp,
  endpointWithAccount,
  storageNames,
  retryCountZero,
  initTimeoutUnreadable,
  initTimeoutShort,
  errorsIgnored,
  actorsWithoutPlacement,
  componentOutOfScope,
  retriedInput,
];

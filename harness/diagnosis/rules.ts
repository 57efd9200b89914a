import type { DiagnosisRule } from "./diagnosis.ts";
import { answerNot200UnderRetry } from "./rules/answer-not-200-under-retry.ts";
import { apiClosedBeforeHandler } from "./rules/api-closed-before-handler.ts";
import { apiPortTaken } from "./rules/api-port-taken.ts";
import { apiTokenMismatch } from "./rules/api-token-mismatch.ts";
import { appHealthFlips } from "./rules/app-health-flips.ts";
import { appNeverFound } from "./rules/app-never-found.ts";
import { appPortConflict } from "./rules/app-port-conflict.ts";
import { componentInitTimeout } from "./rules/component-init-timeout.ts";
import { componentMalformed } from "./rules/component-malformed.ts";
import { componentOutOfScope } from "./rules/component-out-of-scope.ts";
import { containerCrashed } from "./rules/container-crashed.ts";
import { containerNotFound } from "./rules/container-not-found.ts";
import { daprdFatal } from "./rules/daprd-fatal.ts";
import { doubledTicks } from "./rules/doubled-ticks.ts";
import { graceEndsDaprdsShutdown } from "./rules/grace-ends-daprds-shutdown.ts";
import { gracefulShutdownExceeded } from "./rules/graceful-shutdown-exceeded.ts";
import { handlerFails } from "./rules/handler-fails.ts";
import { handlerSlowerThanInterval } from "./rules/handler-slower-than-interval.ts";
import { identityRefused } from "./rules/identity-refused.ts";
import { ignoreErrorsHides } from "./rules/ignore-errors-hides.ts";
import { metricsPortTaken } from "./rules/metrics-port-taken.ts";
import { optionsAbortsOthers } from "./rules/options-aborts-others.ts";
import { optionsAnswered } from "./rules/options-answered.ts";
import { optionsHangs } from "./rules/options-hangs.ts";
import { outOfMemory } from "./rules/out-of-memory.ts";
import { placementUnreachable } from "./rules/placement-unreachable.ts";
import { sdkGaveUp } from "./rules/sdk-gave-up.ts";
import { shellIsPid1 } from "./rules/shell-is-pid-1.ts";
import { sidecarHangs } from "./rules/sidecar-hangs.ts";
import { sigtermIgnored } from "./rules/sigterm-ignored.ts";
import { startLimit } from "./rules/start-limit.ts";
import { storageForbidden } from "./rules/storage-forbidden.ts";
import { storageRetriesExhausted } from "./rules/storage-retries-exhausted.ts";
import { waitLoopOnDeadSidecar } from "./rules/wait-loop-on-dead-sidecar.ts";
import { workLostOnSigterm } from "./rules/work-lost-on-sigterm.ts";

/** Every rule. Where several apply, causes are told in this order: what is sure and particular first, what is general last. */
export const RULES: readonly DiagnosisRule[] = [
  outOfMemory,
  identityRefused,
  storageForbidden,
  componentInitTimeout,
  storageRetriesExhausted,
  metricsPortTaken,
  apiPortTaken,
  appPortConflict,
  componentMalformed,
  componentOutOfScope,
  ignoreErrorsHides,
  containerNotFound,
  optionsAnswered,
  optionsHangs,
  optionsAbortsOthers,
  appNeverFound,
  placementUnreachable,
  appHealthFlips,
  apiTokenMismatch,
  sdkGaveUp,
  sidecarHangs,
  waitLoopOnDeadSidecar,
  answerNot200UnderRetry,
  handlerSlowerThanInterval,
  apiClosedBeforeHandler,
  workLostOnSigterm,
  gracefulShutdownExceeded,
  graceEndsDaprdsShutdown,
  shellIsPid1,
  sigtermIgnored,
  doubledTicks,
  handlerFails,
  daprdFatal,
  containerCrashed,
  startLimit,
];

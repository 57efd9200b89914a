/** What sitecar's users import. `sitecar/vitest` is the entry for vitest scenarios. */

export { SitecarError, ERROR_CODES, type ErrorCode, type Observation } from "./errors/index.ts";

export type * from "./definition/site-definition.ts";
export { readSite } from "./definition/read-site.ts";
export { loadSite } from "./definition/load-site.ts";
export type { InputKind, SiteInput, SiteInputs } from "./definition/inputs/input-kind.ts";
export type { IgnoredInput, LoadedSite } from "./definition/loaded-site.ts";
export type { Origins } from "./definition/origins.ts";
export type { Place, Problem } from "./definition/problems.ts";
export { unresolvedKeyVaultReferences } from "./definition/key-vault.ts";

export {
  STORAGE,
  type ScheduledStart,
  type Schedule,
  type ScheduleInput,
  type ScheduleWithSteps,
  type StartsInput,
} from "./schedule/schedule.ts";
export type {
  ContainerAction,
  ContainerStep,
  Cue,
  FaultData,
  FaultStep,
  Moment,
  ScheduledStep,
  StopSiteStep,
} from "./schedule/step.ts";
export type { SignalName } from "./schedule/signals.ts";
export { describeSchedule } from "./schedule/describe-schedule.ts";
export { parseSchedule } from "./schedule/parse-schedule.ts";
export { resolveSchedule } from "./schedule/resolve-schedule.ts";

export type { PlatformSettings } from "./plan/platform-settings.ts";
export type {
  ContainerPlan,
  Difference,
  InstanceResources,
  PlannedFile,
  PlannedIdentity,
  PlannedResources,
  SitePlan,
} from "./plan/site-plan.ts";
export type { StandInMain } from "./plan/stand-in-main.ts";
export type { PlannedVirtualTime, VirtualTimeOptions } from "./plan/virtual-time.ts";
export { APP_SERVICE_PLANS, type AppServicePlan } from "./plan/app-service-plans.ts";

export type { InstanceStatus } from "./platform/life/instance-state.ts";

export type { LastError, SiteState, SiteStateDetails } from "./timeline/site-state.ts";
export type {
  Exchange,
  ExchangeEnd,
  ExchangeTimes,
  GrpcCall,
  GrpcMessage,
  SeenExchange,
  TapGap,
  WireBody,
  WireEnd,
  WireHeaders,
  WireRequest,
  WireResponse,
} from "./wire/exchange.ts";
export { bytesOf, exchangesOf, headerOf } from "./wire/exchange.ts";
export { recordPacts, type LeftOut, type RecordedPacts, type Recording } from "./pacts/record-pacts.ts";
export { recordSite, type RecordSiteOptions } from "./pacts/record-site.ts";
export { recordingOf, type Sides } from "./pacts/recording-of.ts";
export { writePacts } from "./pacts/write-pacts.ts";
export { readPair, type PactPair } from "./pacts/read-pair.ts";
export type { ReadPact } from "./pacts/read-pact.ts";
export type { ActualRequest, ActualResponse, PactFile, PactInteraction } from "./pacts/pact-file.ts";
export { askOverHttp } from "./pacts/ask-over-http.ts";
export { PlayedSide } from "./pacts/played-side.ts";
export { serveSide, type ServedSide } from "./pacts/serve-side.ts";
export { verifyMain, type VerifyMainOptions } from "./pacts/verify-main.ts";
export { verifySidecar, type VerifySidecarOptions } from "./pacts/verify-sidecar.ts";
export { verifyTwin, type VerifyTwinOptions } from "./pacts/verify-twin.ts";
export {
  verifyMainContainer,
  verifySidecarContainer,
  type VerifiedSidecar,
  type VerifyContainersOptions,
} from "./pacts/verify-containers.ts";
export { formatVerification } from "./pacts/format-verification.ts";
export type { Ask, InteractionResult, UnstatedRequest, Verification } from "./pacts/verification.ts";
export type { Difference as WireDifference } from "./pacts/difference.ts";
export { toHar, type SitecarEntry } from "./wire/har.ts";
export type { EventOf, EventType, Happening, ProbeName, TimelineEvent } from "./timeline/events.ts";
export type { Timeline, WaitForEventOptions } from "./timeline/timeline.ts";

export type { IdentityControl, IdentityFault } from "./platform/identity-control.ts";
export type { StorageControl, StorageFault } from "./platform/storage-control.ts";
export type { StorageFailure } from "./platform/storage-failure.ts";
export type { IdentityFailure, PortHold } from "./platform/agent-protocol.ts";
export type { PortControl, TakenPort } from "./platform/port-control.ts";
export type { StandInControl, StandInFaultHandle } from "./platform/stand-in/stand-in-control.ts";
export type { StandInCounts, StandInFault } from "./platform/stand-in/stand-in-protocol.ts";

export type { PreparedImage } from "./runtime/prepared-image.ts";
export type { ExecResult } from "./runtime/container.ts";
export type { ContainerLimits } from "./runtime/limits/container-limits.ts";
export type { OutputLine } from "./runtime/container-output.ts";

export type { BlobDescription, BlobReader } from "./azure/blob-reader.ts";
export type { ComponentFile, DaprComponent } from "./dapr/component-files.ts";
export type { DaprReader, HttpObservation } from "./dapr/dapr-reader.ts";
export type { DaprMetadata } from "./dapr/dapr-metadata.ts";
export type { DaprMetrics } from "./dapr/dapr-metrics.ts";

export { lint, type LintOptions, type LintReport, type RuleFault } from "./lint/lint.ts";
export { loadContext } from "./lint/load-context.ts";
export type { Finding, LintContext, Rule, RuleFinding, Severity } from "./lint/rule.ts";

export { inject, type InjectedFault } from "./faults/inject.ts";
export { FAULT_KINDS } from "./faults/kinds.ts";
export type { FaultAttribute, FaultKind } from "./faults/fault-kind.ts";
export type { FaultableContainer, FaultTarget } from "./faults/fault-target.ts";
export { appAnswersSlowly } from "./faults/app-answers-slowly.ts";
export { appListensLate } from "./faults/app-listens-late.ts";
export { appNotListening } from "./faults/app-not-listening.ts";
export { appOptionsHangs } from "./faults/app-options-hangs.ts";
export { appOptionsStatus } from "./faults/app-options-status.ts";
export { appResets } from "./faults/app-resets.ts";
export { appRouteLate } from "./faults/app-route-late.ts";
export { appTickStatus } from "./faults/app-tick-status.ts";
export { containerKill } from "./faults/container-kill.ts";
export { containerPause } from "./faults/container-pause.ts";
export { containerRestart } from "./faults/container-restart.ts";
export { identityExpired } from "./faults/identity-expired.ts";
export { identityRefused } from "./faults/identity-refused.ts";
export { identitySlow } from "./faults/identity-slow.ts";
export { identityStatus } from "./faults/identity-status.ts";
export { identityWrongAudience } from "./faults/identity-wrong-audience.ts";
export { storageAnswersSlowly } from "./faults/storage-answers-slowly.ts";
export { storageBandwidth } from "./faults/storage-bandwidth.ts";
export { storageCutOff } from "./faults/storage-cut-off.ts";
export { storageHangs } from "./faults/storage-hangs.ts";
export { storageNameNotResolved } from "./faults/storage-name-not-resolved.ts";
export { storageNeverEnds } from "./faults/storage-never-ends.ts";
export { storageRefused } from "./faults/storage-refused.ts";
export { storageReset } from "./faults/storage-reset.ts";
export { storageSlow } from "./faults/storage-slow.ts";
export { storageStatus } from "./faults/storage-status.ts";
export { storageUnreachable } from "./faults/storage-unreachable.ts";
export { memoryLimit } from "./faults/memory-limit.ts";
export { portTaken } from "./faults/port-taken.ts";
export { processorStarved } from "./faults/processor-starved.ts";

export type { Contract, Judgement, Verdict } from "./contracts/contract.ts";
export type { RecordedLine, RecordedStop, RunRecord } from "./contracts/run-record.ts";
export { readRunRecord } from "./contracts/read-run-record.ts";
export { check } from "./contracts/check.ts";
export { BUILT_IN_CONTRACTS } from "./contracts/built-in.ts";
export { chooseContracts, type ContractChoice } from "./contracts/choose-contracts.ts";
export { loadContracts } from "./contracts/load-contracts.ts";
export { bindingsActive } from "./contracts/bindings-active.ts";
export { componentsLoaded } from "./contracts/components-loaded.ts";
export { nothingExits } from "./contracts/nothing-exits.ts";
export { recovers } from "./contracts/recovers.ts";
export { siteStarts } from "./contracts/site-starts.ts";
export { stopsGracefully } from "./contracts/stops-gracefully.ts";
export { ticksDelivered } from "./contracts/ticks-delivered.ts";
export {
  ticksHaveEffect,
  ticksHaveEffectOf,
  type TicksHaveEffectOptions,
} from "./contracts/ticks-have-effect.ts";
export { firesOnce, firesOnceOfRun } from "./contracts/fires-once.ts";
export { cadence } from "./contracts/wire/cadence.ts";
export type { Bound, CadenceBounds } from "./contracts/wire/cadence-bounds.ts";
export { cadenceOf, type Cadence } from "./contracts/wire/cadence-figures.ts";
export type { PhaseChange } from "./contracts/wire/phase-changes.ts";
export type { FirstTick } from "./contracts/wire/tick-steps.ts";
export type { Distribution } from "./shared/distribution.ts";
export { inputBindingRoutes, notPublic } from "./contracts/not-public.ts";
export { probePublicRoutes, type ProbePublicRoutesOptions } from "./contracts/probe-public-routes.ts";
export { invokes, type InvokesOptions } from "./contracts/wire/invokes.ts";
export {
  respondsWithin,
  type RespondsWithinOptions,
  type ResponseTimes,
} from "./contracts/wire/responds-within.ts";
export { bindingActive } from "./contracts/binding-active.ts";

export { diagnose } from "./diagnosis/diagnose.ts";
export type { Diagnosis, Evidence, Remedy, RemedyChange } from "./diagnosis/diagnosis.ts";
export { applyRemedy, describeChange } from "./diagnosis/remedies/apply-remedy.ts";
export type { ContainerContents, FoundFile, SiteCopy } from "./diagnosis/remedies/site-copy.ts";
export { divergenceOf, formatDivergence, type Divergence } from "./diagnosis/divergence.ts";

export { prepareHost, type Host, type PrepareHostOptions } from "./site/host.ts";
export type { RunningInstance } from "./site/running-instance.ts";
export type { RunningSite, SiteChange, WorkerStatus } from "./site/running-site.ts";
export type { ContainerExit, ContainerState, SiteContainer } from "./site/site-container.ts";
export type { Advanced, AdvanceOptions, DueTick, SiteClock, VirtualTick } from "./site/site-clock.ts";
export { swapSlots, type SwapSlotsOptions } from "./site/swap-slots.ts";
export { startSite, type StartSiteOptions } from "./site/start-site.ts";
export type { StopOutcome } from "./site/stop-site.ts";

export { Deadline } from "./shared/clock.ts";
export type { ProgressEvent, ProgressSink } from "./shared/progress.ts";

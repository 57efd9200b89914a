/** The words of App Service's state machine, as its logs and `siteStatus` have them (A3.2, A7.5). */

export type SiteState = "Starting" | "Started" | "Stopping" | "Stopped" | "Blocked";

export type SiteStateDetails =
  | "EstablishingSiteNetworks"
  | "StartingSiteContainers"
  | "PullingImage"
  | "MountingVolumes"
  | "CreatingContainer"
  | "InitiatingSiteWarmUpProbe"
  | "WaitingForSiteWarmUpProbeSuccess"
  | "WarmUpProbeSucceeded"
  | "Started"
  | "CancellingStartup"
  | "StoppingSite"
  | "StoppingSiteContainers"
  | "UnmountingVolumes"
  | "StoppingSiteNetworks"
  | "Stopped"
  | "Blocked";

export type LastError =
  "ContainerTimeout" | "SiteStartupCancelled" | "ContainerStartupFailure" | "ImagePullFailure";

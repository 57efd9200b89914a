/**
 * Every error code, whose fault it is, and one line of meaning. docs/errors.md has a section for each; a test says so.
 * `user`: the input or the site is wrong. `system`: the machine, the engine or the harness is.
 */
export const ERROR_CODES = {
  // Input
  FILE_NOT_READABLE: { fault: "user", meaning: "A file that the site names can't be read." },
  SPEC_MALFORMED: { fault: "user", meaning: "A definition file is not valid JSON or YAML." },
  SPEC_INVALID: {
    fault: "user",
    meaning: "A definition file is well-formed, but says something a site can't be.",
  },
  SITE_NOT_FOUND: {
    fault: "user",
    meaning: "A template has several sites and none was chosen, or not the site or slot that was.",
  },
  SCHEDULE_UNKNOWN_CONTAINER: {
    fault: "user",
    meaning: "A start schedule names a container the site has not.",
  },
  SCHEDULE_INVALID: {
    fault: "user",
    meaning: "A start schedule has a time that is none, or a container twice.",
  },
  FAULT_UNKNOWN: { fault: "user", meaning: "A fault was named of a kind that there is none of." },
  FAULT_INVALID: {
    fault: "user",
    meaning: "A fault's data lack an attribute, or have one that its kind does not take.",
  },
  EXPLORATION_INVALID: {
    fault: "user",
    meaning: "A file is no exploration, or explorations that are to be merged do not belong together.",
  },
  CONTAINER_UNKNOWN: { fault: "user", meaning: "A container was asked for that the site has not." },
  PLAN_UNKNOWN: { fault: "user", meaning: "An App Service plan has a size that there is none of." },
  USAGE: { fault: "user", meaning: "A command was called with unknown or wrong options." },
  VIRTUAL_TIME_OFF: {
    fault: "user",
    meaning: "The clock of a run was to go on that has no virtual time.",
  },
  VIRTUAL_TIME_NOT_POSSIBLE: {
    fault: "user",
    meaning: "Virtual time was asked for where a sidecar's daprd can't be replaced, or a command has none.",
  },
  CLOCK_STEP_INVALID: {
    fault: "user",
    meaning: "The virtual clock was to go back, to no time at all, or past too many ticks at once.",
  },
  // Engine and images
  ENGINE_NOT_FOUND: {
    fault: "system",
    meaning: "No container engine answers, and none may or can be installed.",
  },
  ENGINE_START_FAILED: { fault: "system", meaning: "An engine was installed but did not come up." },
  ENGINE_TOO_OLD: { fault: "system", meaning: "The engine's API is older than 1.41." },
  ENGINE_GONE: { fault: "system", meaning: "The engine stopped answering during a run." },
  ENGINE_REFUSED: { fault: "system", meaning: "The engine answered a call with an error." },
  LIMITS_UNAVAILABLE: {
    fault: "system",
    meaning: "The engine can't hold an instance to the size of its App Service plan.",
  },
  IMAGE_NOT_FOUND: {
    fault: "user",
    meaning: "An image is neither on this machine nor to be had from its registry.",
  },
  IMAGE_BUILD_FAILED: { fault: "system", meaning: "A step of building an image failed." },
  PORT_TAKEN: { fault: "system", meaning: "A port that has to be published is in use." },
  NO_SPACE: { fault: "system", meaning: "The disk is full." },
  // The site's life
  WARM_UP_TIMED_OUT: { fault: "user", meaning: "Main gave no HTTP answer within the start limit." },
  CONTAINER_EXITED_DURING_START: { fault: "user", meaning: "A container ended before the site had started." },
  NOT_READY: {
    fault: "user",
    meaning: "The site started, but Dapr's components or bindings did not become active.",
  },
  WAIT_TIMED_OUT: { fault: "user", meaning: "Something a scenario waited for did not happen in time." },
  SWAP_FAILED: {
    fault: "user",
    meaning: "The source of a slot swap was not warm in time; routing was not switched.",
  },
  FAULT_NOT_POSSIBLE: {
    fault: "user",
    meaning: "A fault was asked for that this site, or this engine, has nothing for.",
  },
  TICK_UNANSWERED: {
    fault: "user",
    meaning: "In virtual time the app did not answer a tick within the limit of real time.",
  },
  RUN_STOPPED: { fault: "user", meaning: "The run was stopped while something was still waited for." },
  NOT_TAPPED: { fault: "user", meaning: "Exchanges were asked for of a run whose wire was not looked at." },
  RUN_UNREADABLE: {
    fault: "user",
    meaning: "The folder of a run lacks something that its record is made of.",
  },
  CONTRACTS_UNREADABLE: {
    fault: "user",
    meaning: "A module of contracts can't be loaded, or exports none.",
  },
  CONTRACT_UNKNOWN: { fault: "user", meaning: "A contract was named that there is none of." },
  CONTRACT_FILE_INVALID: {
    fault: "user",
    meaning: "A contract of the wire can't be verified: its file is not of Pact's form, or says too little.",
  },
  NO_EXCHANGES: {
    fault: "user",
    meaning: "A run has no exchanges between main and its sidecar that a contract could be recorded from.",
  },
  // The twin
  BINDING_UNKNOWN: { fault: "user", meaning: "A binding was named that the Dapr component files have not." },
  TWIN_NOT_COVERED: {
    fault: "user",
    meaning: "The twin was asked for something of daprd that it does not know.",
  },
  TWIN_NOT_STARTED: { fault: "user", meaning: "daprd would not start with the component files." },
  // The laboratory
  REMEDY_NOT_APPLICABLE: {
    fault: "user",
    meaning: "A remedy can't be tried by itself: what it has to change is not found.",
  },
  // The harness itself
  PLATFORM_FAILED: {
    fault: "system",
    meaning: "The platform container, which owns the namespace, did not come up or ended.",
  },
  STORAGE_FAILED: { fault: "system", meaning: "The storage emulator did not come up." },
  STORAGE_UNREADABLE: { fault: "system", meaning: "Storage gave no answer to the harness, or refused it." },
  DAPR_UNREADABLE: { fault: "system", meaning: "daprd gave the harness no answer that can be read." },
  CLOCK_FAILED: {
    fault: "system",
    meaning: "The clock of a daprd for virtual time did not do what it was asked.",
  },
  RUN_DIRECTORY_FAILED: { fault: "system", meaning: "The run's folder on disk can't be made or written." },
  CLEANUP_FAILED: { fault: "system", meaning: "Something of a run could not be removed." },
} as const satisfies Record<string, { readonly fault: "user" | "system"; readonly meaning: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

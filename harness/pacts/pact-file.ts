/** The parts of Pact's specification, version 4, that sitecar writes and reads. Names are Pact's. */
export interface PactFile {
  /** Who asks. */
  readonly consumer: { readonly name: string };
  /** Who answers. */
  readonly provider: { readonly name: string };
  readonly interactions: readonly PactInteraction[];
  readonly metadata: PactMetadata;
}

export interface PactMetadata {
  readonly pactSpecification: { readonly version: "4.0" };
  /** What Pact's tools carry along without reading it. */
  readonly sitecar: RecordedFrom;
}

/** What the contract was recorded from, as far as a replay needs it. */
export interface RecordedFrom {
  readonly site: string;
  /** The containers' names in the site, by their parts. */
  readonly main: string;
  readonly sidecar: string;
  /** As daprd says of itself. Absent: not seen. */
  readonly daprd?: string;
  /** Where main listens for daprd. Absent: daprd asked nothing. */
  readonly appPort?: number;
  /** Where daprd listens for main. Absent: main asked nothing. */
  readonly daprPort?: number;
  readonly appId?: string;
}

export interface PactInteraction {
  readonly type: "Synchronous/HTTP";
  /** The same for the same interaction in every recording. */
  readonly key: string;
  readonly description: string;
  readonly providerStates?: readonly { readonly name: string }[];
  /** Stated, but not held against anybody: the run had another answer to the same request too. */
  readonly pending: boolean;
  readonly comments: { readonly text: readonly string[]; readonly sitecar: InteractionNotes };
  readonly request: PactRequest;
  readonly response: PactResponse;
}

/** What Pact has no words for: how often, and in answer to what. */
export interface InteractionNotes {
  /** `once`: a single time in an instance's life. */
  readonly occurs: "once" | "repeatedly";
  /** A tick of this cron binding, which stands in the component files with this schedule. */
  readonly tick?: { readonly binding: string; readonly schedule: string };
  /** It came only while an interaction of the other direction waited for its answer. */
  readonly during?: {
    readonly key: string;
    /** How often in each. Absent: not always as often. */
    readonly times?: number;
  };
}

export interface PactRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly headers?: PactHeaders;
  readonly body?: PactBody;
  readonly matchingRules?: MatchingRules;
}

export interface PactResponse {
  readonly status: number;
  readonly headers?: PactHeaders;
  readonly body?: PactBody;
  readonly matchingRules?: MatchingRules;
}

export type PactHeaders = Readonly<Record<string, readonly string[]>>;

/** Absent: nothing is said of the body. `content` `""`: it is empty. */
export interface PactBody {
  /** JSON as it is, text as a string, other bytes in base64. */
  readonly content: unknown;
  readonly contentType?: string;
  /** `false`, or how `content` is encoded. */
  readonly encoded?: false | "base64";
}

export interface MatchingRules {
  readonly path?: RuleList;
  readonly status?: Readonly<Record<string, RuleList>>;
  readonly query?: Readonly<Record<string, RuleList>>;
  readonly header?: Readonly<Record<string, RuleList>>;
  /** By the value's place, for example `$.metadata.blobName`. */
  readonly body?: Readonly<Record<string, RuleList>>;
}

export interface RuleList {
  readonly combine: "AND" | "OR";
  readonly matchers: readonly Matcher[];
}

export type Matcher =
  | { readonly match: "regex"; readonly regex: string }
  | { readonly match: "equality" | "type" | "number" | "integer" | "decimal" | "boolean" | "null" }
  | { readonly match: "include"; readonly value: string }
  | { readonly match: "statusCode"; readonly status: StatusClass | readonly number[] }
  | { readonly match: "arrayContains"; readonly variants: readonly ArrayVariant[] };

export type StatusClass =
  "info" | "success" | "redirect" | "clientError" | "serverError" | "nonError" | "error";

/** One element that has to be there, wherever it stands: the example's at `index`, by these rules. */
export interface ArrayVariant {
  readonly index: number;
  readonly rules: Readonly<Record<string, RuleList>>;
}

/** A request as it was made, to be held against a contract. */
export interface ActualRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

export interface ActualResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

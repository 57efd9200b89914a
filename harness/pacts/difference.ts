/** One field in which what was seen is not what the contract states. */
export interface Difference {
  /** For example `request.path`, `response.status`, `response.header.Content-Type`, `request.body.$.metadata.blobName`. */
  readonly field: string;
  /** `added`: the contract says nothing of it. It breaks nothing in an answer, as a client reads what it knows. */
  readonly kind: "changed" | "missing" | "added";
  /** As the contract has it, with the rule that it may vary by. Absent: it has none. */
  readonly stated?: string;
  /** Absent: it was not there. */
  readonly seen?: string;
  readonly breaks: boolean;
}

export function formatDifference({ field, kind, stated, seen, breaks }: Difference): string {
  const what =
    kind === "changed"
      ? `${stated ?? ""} → ${seen ?? ""}`
      : kind === "missing"
        ? `${stated ?? ""} → not there`
        : `not stated → ${seen ?? ""}`;
  return `${field}: ${what}${breaks ? "" : "  (breaks nothing)"}`;
}

/** A value as a person reads it, on one line and not without end. */
export function show(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : (JSON.stringify(value) ?? "nothing");
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`;
}

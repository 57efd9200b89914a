/** What the tap's thread and the agent say to each other. */

export type ToTap = { readonly type: "flush"; readonly id: number } | { readonly type: "end" };

export type FromTap =
  | { readonly type: "began" }
  | { readonly type: "failed"; readonly detail: string }
  | { readonly type: "flushed"; readonly id: number }
  /** Everything was told. */
  | { readonly type: "ended" };

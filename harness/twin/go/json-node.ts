/** JSON as Go's decoder keeps it before it knows the type: number literals as written, members in their order, doubles too. */
export type JsonNode =
  | { readonly kind: "null" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "number"; readonly literal: string }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] }
  | { readonly kind: "object"; readonly members: readonly JsonMember[] };

export interface JsonMember {
  readonly key: string;
  readonly value: JsonNode;
}

/** Go's `any` after decoding: objects are maps of which the last of doubled keys counts, numbers are float64. */
export type GoAny = null | boolean | number | string | readonly GoAny[] | ReadonlyMap<string, GoAny>;

/** An error with the words that Go's own would have. */
export class GoError extends Error {
  override readonly name = "GoError";
}
